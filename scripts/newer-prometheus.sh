#!/usr/bin/env bash
# Puts the Prometheus 3 of Debian unstable, and its promtool, where the tests look for them, without installing them.
# From the same mirror as the packages of this machine.
set -euo pipefail

cache=${XDG_CACHE_HOME:-$HOME/.cache}/lvs-exporter
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$cache" "$work"/{lists,archives}/partial

mirror=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' | awk '$1 == "Debian" && $2 !~ /security/ { print $2; exit }')
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$work/sid.list"
options=(
  -o "Dir::Etc::SourceList=$work/sid.list" -o Dir::Etc::SourceParts=/dev/null
  -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work" -o "Dir::Cache::Archives=archives" -o APT::Sandbox::User=root
)
apt-get "${options[@]}" update -qq
(cd "$work" && apt-get "${options[@]}" download -qq prometheus promtool)
for program in prometheus promtool; do
  dpkg-deb --fsys-tarfile "$work/${program}"_*.deb | tar -xO "./usr/bin/$program" >"$work/$program"
  chmod +x "$work/$program"
  mv "$work/$program" "$cache/$program-3"
done
"$cache/prometheus-3" --version | head -1
