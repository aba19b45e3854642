/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "core/transfer.h"

G_BEGIN_DECLS

typedef enum
{
  FERRY_SECTION_ACTIVE,
  FERRY_SECTION_WAITING,
  FERRY_SECTION_DONE,
} FerrySection;
#define FERRY_N_SECTIONS 3

/* The headline above a section: a row of its own (list sections are GTK 4.12). */
#define FERRY_TYPE_SECTION_HEADER (ferry_section_header_get_type ())
G_DECLARE_FINAL_TYPE (FerrySectionHeader, ferry_section_header, FERRY, SECTION_HEADER, GObject)

FerrySection ferry_section_header_get_section (FerrySectionHeader *self);

/**
 * FerryTransferSections:
 *
 * One contact's transfers as its page shows them: under headlines, moving from
 * section to section as their state changes. Empty sections have no headline.
 */
#define FERRY_TYPE_TRANSFER_SECTIONS (ferry_transfer_sections_get_type ())
G_DECLARE_FINAL_TYPE (FerryTransferSections, ferry_transfer_sections,
                      FERRY, TRANSFER_SECTIONS, GObject)

/* @queue: of #FerryTransfer, oldest first. */
FerryTransferSections *ferry_transfer_sections_new      (GListModel            *queue,
                                                         FerryContact          *contact);
/* Of #FerrySectionHeader and #FerryTransfer. Borrowed. */
GListModel            *ferry_transfer_sections_get_list (FerryTransferSections *self);
FerrySection           ferry_section_of_transfer        (FerryTransfer         *transfer);

G_END_DECLS
