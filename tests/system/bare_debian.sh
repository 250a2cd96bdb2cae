#!/usr/bin/env bash
# Proves tools/quickstart and tools/test on a Debian 12 that holds nothing but git and
# ca-certificates: makes one with debootstrap in a temporary folder, clones this repository into it,
# runs each command twice there and prints how long each call took. Run it by hand, as root, on a
# Debian with debootstrap; it takes about half an hour on two cores and 6 GB of disk.
#
# Packages come from the mirror that this machine's own apt is configured with. Mounts live in a
# namespace of their own and the folder is removed at the end, also after an interrupt.
set -euo pipefail

usage() {
    cat <<'EOF'
Usage: tests/system/bare_debian.sh [--working-tree] [--keep] [--folder DIR]

  --working-tree  test the files as they lie here, not the last commit
  --keep          leave the root file system behind, and say where
  --folder DIR    make it under DIR (default: TMPDIR or /var/tmp)
EOF
}
fail() {
    printf 'bare_debian: %s\n' "$*" >&2
    exit 1
}
say() { printf '\n==> %s\n' "$*"; }

readonly release=bookworm
readonly limit_quickstart=1200 limit_test=2400 limit_again=120 # seconds
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

# The rest of the script, in its own mount and process namespace: inside ROOTFS.
inside() {
    local rootfs=$1
    mount -t proc proc "$rootfs/proc"
    mount -t sysfs -o ro sysfs "$rootfs/sys"
    mount --bind /dev "$rootfs/dev"
    mount -t tmpfs tmpfs "$rootfs/dev/shm"

    local table=()
    timed() {
        local name=$1 limit=$2 start end status=0
        shift 2
        say "$name: $*"
        start=$(date +%s%N)
        timeout "$limit" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CI=true \
            "${proxies[@]}" chroot "$rootfs" bash -c 'cd /root/sluice && exec "$@"' - "$@" \
            </dev/null || status=$?
        end=$(date +%s%N)
        table+=("$(printf '%-20s exit %-4d %8d.%d s' "$name" "$status" \
            $(((end - start) / 1000000000)) $(((end - start) / 100000000 % 10)))")
        ((status == 0)) || failed=1
    }
    local failed=0 proxies=() name
    for name in http_proxy https_proxy no_proxy; do
        [[ -z ${!name:-} ]] || proxies+=("$name=${!name}")
    done
    timed quickstart "$limit_quickstart" ./tools/quickstart
    timed "quickstart again" "$limit_again" ./tools/quickstart
    timed test "$limit_test" ./tools/test
    timed "test again, one" "$limit_again" ./tools/test -R '^no test has this name$' --no-tests=ignore
    say "On a bare Debian 12 with $(nproc) cores:"
    printf '%s\n' "${table[@]}"
    return "$failed"
}
if [[ ${1:-} == --inside ]]; then
    inside "$2"
    exit
fi

working_tree=false keep=false folder=${TMPDIR:-/var/tmp}
while (($# > 0)); do
    case $1 in
        --working-tree) working_tree=true ;;
        --keep) keep=true ;;
        --folder) folder=${2:?"--folder needs a name"} && shift ;;
        -h | --help) usage && exit 0 ;;
        *) usage >&2 && fail "unknown argument '$1'" ;;
    esac
    shift
done
((EUID == 0)) || fail "needs root: debootstrap, mount and chroot"
command -v debootstrap >/dev/null || fail "needs debootstrap: apt-get install debootstrap"

# The sources of Debian 12 among those of this machine, as "URI suite component", the main one first.
# shellcheck disable=SC2016 # apt-get fills these names in
mapfile -t sources < <(
    apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)' 'Created-By: Packages' |
        grep -E " ${release}(-[a-z]+)? main Debian\$" | sort -u -k2,2 | cut -d' ' -f1-3
)
mirror=$(printf '%s\n' "${sources[@]}" | awk -v release="$release" '$2 == release {print $1; exit}')
[[ -n $mirror ]] || fail "this machine's apt has no package lists of Debian $release; run apt-get update"

rootfs=$(mktemp -d "$folder/bare_debian.XXXXXX")
clean_up() {
    if $keep; then
        printf 'Left behind: %s\n' "$rootfs"
    else
        rm -rf --one-file-system -- "$rootfs"
    fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM

say "A minimal Debian $release with git and ca-certificates in $rootfs"
debootstrap --variant=minbase --include=git,ca-certificates "$release" "$rootfs" "$mirror" \
    >"$rootfs.log" 2>&1 || { tail -n 20 "$rootfs.log" >&2 && fail "debootstrap failed"; }
rm -f "$rootfs.log"
printf 'deb %s\n' "${sources[@]}" >"$rootfs/etc/apt/sources.list"
apt-config dump | grep -E '^Acquire::(http|https|Check-|Retries)' \
    >"$rootfs/etc/apt/apt.conf.d/99as-on-the-host" || true
cp /etc/resolv.conf /etc/hosts "$rootfs/etc/"

if $working_tree; then
    mkdir -p "$rootfs/root/sluice"
    git -C "$root" -c safe.directory="$root" ls-files -z -co --exclude-standard |
        tar -C "$root" --ignore-failed-read --null -T - -c | tar -C "$rootfs/root/sluice" -x
    git -C "$rootfs/root/sluice" -c init.defaultBranch=main init -q
else
    git -c safe.directory="$root" clone -q --no-hardlinks "$root" "$rootfs/root/sluice"
fi
say "Packages there: $(chroot "$rootfs" dpkg-query -W | wc -l); size $(du -shx "$rootfs" | cut -f1)"

unshare --mount --pid --fork --kill-child bash "${BASH_SOURCE[0]}" --inside "$rootfs"
