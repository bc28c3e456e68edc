// SPDX-License-Identifier: GPL-2.0-only
//
// Not a change: of what type a function is
@found@
type T;
identifier f;
position p;
@@
T f@p(...) { ... }

@script:python@
p << found.p;
T << found.T;
@@
print("type", p[0].file, p[0].current_element, T, sep="\t")
