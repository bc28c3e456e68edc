// SPDX-License-Identifier: GPL-2.0-only
//
// A statement is left out: a call, an assignment, a step of a counter
@found@
expression E;
position p;
@@
E@p;

@script:python@
p << found.p;
@@
print("statement", p[0].file, p[0].current_element, p[0].line, p[0].column,
      p[0].line_end, p[0].column_end, sep="\t")
