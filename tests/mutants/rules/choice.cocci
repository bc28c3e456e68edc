// SPDX-License-Identifier: GPL-2.0-only
//
// The condition of a choice between two values is negated
@found@
expression E, E1, E2;
position p;
@@
(
E@p ? E1 : E2
|
E@p ?: E2
)

@script:python@
p << found.p;
@@
print("choice", p[0].file, p[0].current_element, p[0].line, p[0].column,
      p[0].line_end, p[0].column_end, sep="\t")
