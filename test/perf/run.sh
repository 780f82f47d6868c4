#!/usr/bin/env bash
# The benchmark: npm run perf [-- --mb 400 --pairs 7 --starts 25]. Builds what is measured, then compares it with mawk.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run --silent build
exec node test/perf/compare.mjs "$@"
