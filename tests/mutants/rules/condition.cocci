// SPDX-License-Identifier: GPL-2.0-only
//
// A condition of a statement is negated
@found@
expression E, E1, E2;
statement S1, S2;
position p;
@@
(
if (E@p) S1 else S2
|
while (E@p) S1
|
for (E1; E@p; E2) S1
)

@script:python@
p << found.p;
@@
print("condition", p[0].file, p[0].current_element, p[0].line, p[0].column,
      p[0].line_end, p[0].column_end, sep="\t")
