// SPDX-License-Identifier: GPL-2.0-only
//
// A one is left out: an index or a bound is off by it
@found@
expression E;
position p;
@@
(
E@p + 1
|
E@p - 1
)

@script:python@
p << found.p;
@@
print("step", p[0].file, p[0].current_element, p[0].line, p[0].column,
      p[0].line_end, p[0].column_end, sep="\t")
