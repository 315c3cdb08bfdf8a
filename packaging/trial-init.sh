#!/bin/bash
# PID 1 inside User Mode Linux, until the systemd of a clean Debian takes over. Started by trial.ts:
#
#   trial-init.sh ROOT FOLDER
#
# ROOT is that Debian, which may be written to. FOLDER has the packages, driver.mjs and the node that runs it.
set -eu

exec >/dev/tty1 2>&1
mount -t hostfs -o "$1" root /mnt
mount -t tmpfs -o mode=755 tmpfs /mnt/run
mkdir -p /mnt/lib/modules
mount -t hostfs -o ro,/usr/lib/uml/modules modules /mnt/lib/modules
mount -t hostfs -o "ro,$2" folder /mnt/mnt

# Units that are gone with the machine. The console is for the trial alone.
units=/mnt/run/systemd/system
mkdir -p $units/multi-user.target.wants
ln -s /dev/null $units/getty@tty1.service
cat >$units/trial.service <<'END'
[Unit]
After=network.target
[Service]
Type=oneshot
ExecStart=/mnt/node /mnt/driver.mjs
ExecStopPost=/bin/systemctl poweroff --force --force
StandardOutput=tty
StandardError=tty
TTYPath=/dev/tty1
END
ln -s ../trial.service $units/multi-user.target.wants

exec switch_root /mnt /lib/systemd/systemd
