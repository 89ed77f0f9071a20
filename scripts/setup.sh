# Shared by run, test and .ci/run, which source it: packages and builds. Everything said goes to
# stderr; stdout belongs to the program that is run.

# What each purpose needs, by the names of Debian 12, Debian 13 and Ubuntu 24.04. Where they differ,
# the names stand with a bar between them: one that is installed will do, else the first that apt
# knows is taken.
packages_build=(
  g++ cmake ninja-build "pkgconf|pkg-config"
  "libboost1.81-dev|libboost1.83-dev|libboost1.88-dev|libboost1.90-dev"
  libssl-dev zlib1g-dev nlohmann-json3-dev libcli11-dev libtomlplusplus-dev libspdlog-dev
  libc-ares-dev libpsl-dev libxxhash-dev libre2-dev libbrotli-dev libzstd-dev liblz4-dev
  libuchardet-dev librocksdb-dev prometheus-cpp-dev
)
packages_test=(
  libgtest-dev libgmock-dev libbenchmark-dev libxml2-dev python3 python3-venv python3-yaml ccache "nginx|nginx-light"
  "python3-doc|python3.11-doc" "libboost-doc|libboost1.74-doc"
  curl jq sqlite3 zsh fish mandoc man-db
)
# The dashboard is built by npm and tested in Chromium. Those from elsewhere will do as well.
installed_command() {
  local name
  for name in "$@"; do
    ! command -v "$name" >/dev/null || return 0
  done
  return 1
}
installed_command npm || packages_build+=(nodejs npm)
installed_command chromium chromium-browser google-chrome google-chrome-stable ||
  packages_test+=("chromium|chromium-browser")
packages_test_all=("postgresql-doc|postgresql-doc-15" cppreference-doc-en-html)
packages_bench=(wget2 wrk curl openssl python3-venv valgrind)
packages_fuzz=(clang-16 libclang-rt-16-dev)
packages_format=("clang-format-14|clang-format")

say() { printf 'orbweaver: %s\n' "$*" >&2; }
fail() {
  say "$@"
  exit 1
}

# need PACKAGE...: sees to it that they are installed. One dpkg-query when they are.
need() {
  command -v dpkg-query >/dev/null || return 0 # not a Debian: the build says what it lacks
  local installed missing=() package
  installed=$(dpkg-query -W -f='${db:Status-Abbrev}${Package}\n' ${*//|/ } 2>/dev/null || true)
  installed=$'\n'$installed$'\n'
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] || install "${missing[@]}"
}

# Readers of our archives that share no code with us, in an environment of the build. Without a
# network the tests that want them say so, and are skipped.
need_archive_readers() {
  local venv=build/venv
  [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -c 'import warcio' 2>/dev/null || return 0
  say "installing warcio into $venv"
  { python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check warcio==1.8.1; } >&2 ||
    say "warcio could not be installed (is there a network?); going on without"
}

# What holds the service to its description, in an environment of its own and likewise.
need_schemathesis() {
  local venv=build/venv-api requirements=tests/api/requirements.txt
  ! cmp -s "$requirements" "$venv/installed.txt" || return 0
  say "installing schemathesis into $venv"
  { python3 -m venv --clear "$venv" &&
    "$venv/bin/pip" install -q --disable-pip-version-check -r "$requirements" &&
    cp "$requirements" "$venv/installed.txt"; } >&2 ||
    say "schemathesis could not be installed (is there a network?); going on without"
}

# is_installed "a|b": reads `installed` of its caller.
is_installed() {
  local name
  for name in ${1//|/ }; do
    [[ $installed == *$'\n'"ii $name"$'\n'* ]] && return 0
  done
  return 1
}

install() {
  local root=() choice=() log package wanted=("${@%%|*}")
  command -v apt-get >/dev/null || fail "packages are missing and there is no apt-get: ${wanted[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null ||
      fail "packages are missing and there is no sudo; as root run: apt-get install ${wanted[*]}"
    root=(sudo)
    [ -t 0 ] || root=(sudo -n)
    "${root[@]}" true ||
      fail "packages are missing and sudo does not let us install them: ${wanted[*]}"
  fi
  say "installing with apt-get: ${wanted[*]}"
  log=$(mktemp)
  apt() { "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
    -o Acquire::Retries=3 "$@" >>"$log" 2>&1 </dev/null; }
  apt -o APT::Update::Error-Mode=any update || {
    grep -E '^(E|W|Err):' "$log" | head -n 3 >&2
    say "apt-get could not read all package lists (is there a network?); going on without"
  }
  for package in "$@"; do
    choice+=("$(first_known ${package//|/ })") ||
      fail "apt knows no package named ${package//|/ or }; Debian 12, Debian 13 and Ubuntu 24.04 do"
  done
  keep_servers_down "${choice[@]}"
  # --no-remove: rather stop than take away something the user has installed.
  apt install --no-install-recommends --no-remove "${choice[@]}" || {
    let_servers_up
    tail -n 20 "$log" >&2
    fail "apt-get could not install: ${choice[*]} (all it said: $log)"
  }
  let_servers_up
  rm -f "$log"
}

first_known() {
  local name
  for name in "$@"; do
    [ -n "$(apt-cache show --no-all-versions "$name" 2>/dev/null)" ] && echo "$name" && return 0
  done
  return 1
}

# The tests start an nginx of their own; that of the package is to stay down, now and after a boot.
# However the script ends, the policy goes: left behind, it would keep every service of the machine
# from starting. Both use `root` of install().
policy=/usr/sbin/policy-rc.d
keep_servers_down() {
  policy_ours=
  [[ " $* " == *" nginx"* && ! -e $policy ]] || return 0
  policy_ours=1
  policy_root=("${root[@]}")
  trap let_servers_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  printf '#!/bin/sh\nexit 101\n' | "${root[@]}" tee "$policy" >/dev/null
  "${root[@]}" chmod 755 "$policy"
}
let_servers_up() {
  [ -n "$policy_ours" ] || return 0
  policy_ours=
  trap - EXIT INT TERM
  "${policy_root[@]}" rm -f "$policy"
  ! command -v systemctl >/dev/null || "${policy_root[@]}" systemctl disable -q nginx 2>/dev/null || true
}

# As many compilers as there are cores and 1.5 GiB of memory for each.
jobs_that_fit() {
  local cores memory
  cores=$(nproc)
  memory=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo)
  [ "$memory" -ge 1 ] || memory=1
  echo $((cores < memory ? cores : memory))
}

# build PRESET [TARGET...]: quiet but for one line of progress, and the errors if there are any.
build() {
  local preset=$1 tree=build/$1
  shift
  (
    flock 9 # two builds at once in one tree would break each other
    build_locked "$preset" "$tree" "$@"
  ) 9>>"$tree.lock" || exit 1
}

build_locked() {
  local preset=$1 tree=$2 log=$2.log start=$SECONDS said= line
  shift 2
  NINJA_STATUS='[%f/%t] ' ninja -C "$tree" -j "$(jobs_that_fit)" "$@" 2>&1 9>&- | tee "$log" |
    while IFS= read -r line; do
      [[ $line =~ ^\[([1-9][0-9]*)/([0-9]+)\]\ [^R] ]] || continue # R: Re-running CMake
      if [ -t 2 ]; then
        printf '\r\033[Korbweaver: building (%s) %s of %s' "$preset" "${BASH_REMATCH[1]}" \
          "${BASH_REMATCH[2]}" >&2
      elif [ -z "$said" ]; then
        say "building ($preset), ${BASH_REMATCH[2]} steps"
      fi
      said=1
    done
  local failed=${PIPESTATUS[0]}
  [ ! -t 2 ] || printf '\r\033[K' >&2
  if [ "$failed" -ne 0 ]; then
    # ninja prints the whole command after the name of what failed; the errors come after it.
    awk '/^FAILED:/ { on = 1; print; getline; next } /^\[[0-9]+\// { on = 0 } /^CMake Error/ { on = 1 } on' "$log" |
      grep . >&2 || tail -n 20 "$log" >&2
    fail "the build failed (all it said: $log)"
  fi
  [ $((SECONDS - start)) -lt 5 ] || say "built ($preset) in $((SECONDS - start)) s"
}

# configure PRESET [CMAKE-OPTION...]
configure() {
  local preset=$1 log=build/$1.log
  shift
  say "configuring ($preset)"
  mkdir -p build
  cmake --preset "$preset" "$@" >"$log" 2>&1 || {
    cat "$log" >&2
    rm -f "build/$preset/build.ninja" # configure again next time
    fail "cmake could not configure the build"
  }
}

# cached PRESET OPTION: the value CMake keeps for it.
cached() { sed -n "s/^$2:[A-Z]*=//p" "build/$1/CMakeCache.txt" 2>/dev/null; }
