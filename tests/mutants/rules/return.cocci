// SPDX-License-Identifier: GPL-2.0-only
//
// What a function returns becomes 0, or the opposite if it is a bool
@found@
expression E;
position p;
@@
return E@p;

@script:python@
p << found.p;
@@
print("return", p[0].file, p[0].current_element, p[0].line, p[0].column,
      p[0].line_end, p[0].column_end, sep="\t")
