#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run-headless.sh [options] -- COMMAND...: runs COMMAND in a private headless desktop.
#   -s WxHxD  screen (1280x800x24)       -e DIR   artefacts (logs) go there
#   -p        picom: popovers with shadows instead of black boxes, for pictures
#   -n        no notification recorder   -k       keep the scratch home; its path is printed
#   -t SECS   end COMMAND after so long (300)
# Xvfb, a session bus, openbox, the accessibility bus, notifyd.py; HOME and XDG_* in a scratch
# folder. All it started is ended by pid. The exit status is COMMAND's.
set -u

here=$(cd "$(dirname "$0")" && pwd)
screen=1280x800x24 notify=1 picom='' keep='' artefacts='' limit=300
while getopts s:e:pnkt: option; do
  case $option in
    s) screen=$OPTARG ;;
    e) artefacts=$OPTARG ;;
    p) picom=1 ;;
    n) notify='' ;;
    k) keep=1 ;;
    t) limit=$OPTARG ;;
    *) exit 2 ;;
  esac
done
shift $((OPTIND - 1))
[ "${1-}" = -- ] && shift

outside() {
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/rig.XXXXXX")
  mkdir -p "$scratch"/{home,run,config,data,cache,state}
  chmod 700 "$scratch/run"
  artefacts=${artefacts:-$scratch}
  mkdir -p "$artefacts"

  # Xvfb chooses a free display itself, so jobs run side by side; it writes it when it is ready.
  exec 9> >(cat >"$scratch/display")
  Xvfb -displayfd 9 -screen 0 "$screen" -nolisten tcp -noreset +extension RANDR +extension XTEST \
    >"$artefacts/xvfb.log" 2>&1 &
  xvfb=$!
  exec 9>&-
  for _ in $(seq 200); do
    [ -s "$scratch/display" ] && break
    kill -0 $xvfb 2>/dev/null || break
    sleep .05
  done
  [ -s "$scratch/display" ] || { echo "run-headless: Xvfb did not start" >&2; exit 99; }

  unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS XAUTHORITY
  export DISPLAY=:$(cat "$scratch/display") HOME=$scratch/home
  export XDG_RUNTIME_DIR=$scratch/run XDG_CONFIG_HOME=$scratch/config XDG_DATA_HOME=$scratch/data
  export XDG_CACHE_HOME=$scratch/cache XDG_STATE_HOME=$scratch/state
  export XDG_CURRENT_DESKTOP='' XDG_SESSION_TYPE=x11 LANG=${LANG:-C.UTF-8}
  # Whether this machine has a keyring makes no difference: a test that wants one starts it.
  mkdir -p "$XDG_DATA_HOME/dbus-1/services"
  printf '[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/false\n' \
    >"$XDG_DATA_HOME/dbus-1/services/org.freedesktop.secrets.service"
  export GDK_BACKEND=x11 GSK_RENDERER=${GSK_RENDERER-cairo} LIBGL_ALWAYS_SOFTWARE=1
  export GTK_A11Y=${GTK_A11Y-atspi} NO_AT_BRIDGE=0 GTK_USE_PORTAL=0 ADW_DISABLE_PORTAL=1
  export GSETTINGS_BACKEND=memory GIO_USE_VFS=local GVFS_DISABLE_FUSE=1
  export PYTHONPATH=$here${PYTHONPATH:+:$PYTHONPATH}
  export RIG_INNER=1 RIG_SCRATCH=$scratch RIG_ART=$artefacts
  export RIG_NOTIFY=$notify RIG_PICOM=$picom RIG_LIMIT=$limit

  session=''
  trap leave EXIT
  trap 'exit 143' TERM INT HUP
  # A process group of its own: ending it ends all that was started inside.
  # What the session's parts print is no output of COMMAND's: that goes to descriptor 3.
  setsid dbus-run-session -- "$0" -- "$@" <&0 3>&1 2> >(grep -vE "$noise" >&2) 1>&2 &
  session=$!
  wait $session
}

# What the session's own parts say when they come and go.
noise='^dbus-daemon\[|^SpiRegistry daemon|broken \(explicit kill|^XIO:'
noise+='|^      after [0-9]+ requests|xfconfd-CRITICAL|A connection to the bus|Failed to launch bus'

leave() {
  status=$?
  [ -n "$session" ] && kill -- "-$session" 2>/dev/null
  kill "$xvfb" 2>/dev/null
  wait 2>/dev/null
  if [ -n "$keep" ]; then echo "scratch: $scratch" >&2; else rm -rf "$scratch"; fi
  exit $status
}

until_true() { # COMMAND...: asks for five seconds
  for _ in $(seq 100); do
    "$@" && return
    sleep .05
  done
}

has_recorder() {
  gdbus call -e -d org.freedesktop.DBus -o /org/freedesktop/DBus \
    -m org.freedesktop.DBus.NameHasOwner org.freedesktop.Notifications 2>/dev/null | grep -q true
}

has_manager() {
  xprop -root _NET_SUPPORTING_WM_CHECK 2>/dev/null | grep -q 'window id'
}

inside() {
  pids=()
  dbus-update-activation-environment --all 2>/dev/null
  openbox --config-file "$here/openbox-rc.xml" --sm-disable >"$RIG_ART/openbox.log" 2>&1 &
  pids+=($!)
  if [ -n "$RIG_NOTIFY" ]; then
    /usr/bin/python3 "$here/notifyd.py" >"$RIG_ART/notify.log" 2>&1 &
    pids+=($!)
    until_true has_recorder
  fi
  until_true has_manager
  if [ -n "$RIG_PICOM" ]; then
    picom --backend xrender --config /dev/null >"$RIG_ART/picom.log" 2>&1 &
    pids+=($!)
    sleep 1
  fi
  # Wake the accessibility bus, and say that somebody uses it.
  gdbus call -e -d org.a11y.Bus -o /org/a11y/bus -m org.a11y.Bus.GetAddress >/dev/null 2>&1 ||
    echo "run-headless: no accessibility bus" >&2
  gdbus call -e -d org.a11y.Bus -o /org/a11y/bus -m org.freedesktop.DBus.Properties.Set \
    org.a11y.Status IsEnabled '<true>' >/dev/null 2>&1
  timeout --foreground -k 5 "$RIG_LIMIT" "$@" >&3 3>&-
  status=$?
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
  wait 2>/dev/null
  exit $status
}

if [ -z "${RIG_INNER-}" ]; then outside "$@"; else inside "$@"; fi
