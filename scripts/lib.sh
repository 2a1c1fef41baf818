# Functions of scripts/setup and .ci/run. POSIX sh; sourced, not run.

say() { printf 'hostwise: %s\n' "$*" >&2; }
warn() { say "warning: $*"; }
stop() {
    say "$*"
    exit 1
}

# Whether a command is a working Python 3.11 or newer. (A pyenv shim can exist and still not run.)
suitable() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# The version of an interpreter, as in 3.12.1.
python_version() {
    "$1" -c 'import platform; print(platform.python_version())'
}

# The interpreter to use: the one asked for, else `python3`, else the newest that is known to work.
choose_python() {
    if [ -n "$1" ]; then
        suitable "$1" || stop "PYTHON=$1 is not a working Python 3.11 or newer"
        printf '%s\n' "$1"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 python3.14 python "$HOME"/.pyenv/versions/3.1[1-9]*/bin/python3; do
        if suitable "$candidate"; then
            printf '%s\n' "$candidate"
            return
        fi
    done
    stop "Hostwise needs Python 3.11 or newer; none was found. Name one: PYTHON=/path/to/python3.12 make report"
}

# Whether Pango, its FreeType part and HarfBuzz's subsetter can be loaded, as WeasyPrint will load them.
has_pango() {
    case $(uname -s) in
    Darwin) [ -e "$(brew --prefix 2>/dev/null)/lib/libpango-1.0.dylib" ] ;;
    *) "$1" -c '
import ctypes
for name in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
    ctypes.CDLL(name)' >/dev/null 2>&1 ;;
    esac
}

has_compiler() { command -v cc >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1; }

# Whether the C library's headers and Python's own are there to compile against.
has_headers() {
    "$1" -c '
import os, sysconfig
paths = sysconfig.get_paths()
found = any(os.path.exists(os.path.join(paths[k], "Python.h")) for k in ("include", "platinclude"))
raise SystemExit(not found)' >/dev/null 2>&1
}

has_durable() { [ -x "$1/bin/python" ] && "$1/bin/python" -c 'import importlib.util as u, sys; sys.exit(not u.find_spec("durable_rules_engine"))' 2>/dev/null; }

# The system packages that are missing, by the names of this system's package manager.
missing_packages() {
    python=$1
    short=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    if [ "$(uname -s)" = Darwin ]; then
        has_pango "$python" || printf 'pango '
        return
    fi
    has_pango "$python" || printf 'libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 '
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || printf 'python%s-venv ' "$short"
    has_durable "$2" && return
    has_compiler || printf 'gcc libc6-dev '
    has_headers "$python" || printf 'python%s-dev ' "$short"
}

# Install system packages where this script may; otherwise print the command and stop.
install_packages() {
    if [ "$(uname -s)" = Darwin ]; then
        command -v brew >/dev/null 2>&1 || stop "these libraries are missing: $*. With Homebrew (https://brew.sh): brew install $*"
        say "Installing with Homebrew: $*"
        brew install "$@" || stop "Homebrew could not install them; run: brew install $*"
        return
    fi
    if ! command -v apt-get >/dev/null 2>&1; then
        stop "missing on this system, by their Debian names: $*. Install what your distribution calls them, then run make again"
    fi
    command="apt-get install --yes --no-install-recommends $*"
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root='sudo -n'
    else
        stop "system packages are missing, and this user may not install them. Run this, then make again:
    sudo apt-get update && sudo $command"
    fi
    say "Installing system packages: $*"
    log=$(mktemp)
    # The lists of a fresh image are empty or old: update them first, and let the installation judge.
    $as_root apt-get update >"$log" 2>&1 || true
    if ! $as_root env DEBIAN_FRONTEND=noninteractive $command >>"$log" 2>&1; then
        tail -n 20 "$log" >&2
        stop "apt-get could not install them. Run this, then make again:
    sudo apt-get update && sudo $command"
    fi
    rm -f "$log"
}

# Build durable-rules into a virtual environment.
#
# Its source calls PyEval_CallObject, which Python 3.13 no longer declares: GCC 14 and clang 16 refuse that,
# older compilers let it pass and the import fails later. Naming the function that took its place mends both.
install_durable_rules() {
    venv=$1
    if has_durable "$venv"; then
        return
    fi
    renamed='-DPyEval_CallObject=PyObject_CallObject'
    wanted='durable-rules>=2.0.28'
    log=$(mktemp)
    say "Building durable-rules (compiled C, about 15 s)"
    if "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info >= (3, 13))' &&
        "$venv/bin/pip" install -qq --disable-pip-version-check "$wanted" >"$log" 2>&1; then
        rm -f "$log"
        return
    fi
    if CPPFLAGS="${CPPFLAGS:-} $renamed" "$venv/bin/pip" install -qq --disable-pip-version-check "$wanted" >>"$log" 2>&1; then
        say "durable-rules was built with CPPFLAGS=$renamed, which Python 3.13 and GCC 14 need"
        rm -f "$log"
        return
    fi
    tail -n 20 "$log" >&2
    rm -f "$log"
    if "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 13))'; then
        warn "durable-rules could not be built (above). Hostwise will decide with its reference engine alone, and every record will say so"
    else
        stop "durable-rules could not be built (above); a C compiler and Python's headers are needed"
    fi
}
