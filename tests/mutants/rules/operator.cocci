// SPDX-License-Identifier: GPL-2.0-only
//
// An operator becomes another: && and || change places, == and !=, a bound is off by
// one. And of flags that are put together one side is left out.
@found@
expression E1, E2;
position p, q;
@@
(
E1@p && E2@q
|
E1@p || E2@q
|
E1@p < E2@q
|
E1@p <= E2@q
|
E1@p > E2@q
|
E1@p >= E2@q
|
E1@p == E2@q
|
E1@p != E2@q
|
E1@p | E2@q
)

@script:python@
p << found.p;
q << found.q;
@@
print("operator", p[0].file, p[0].current_element, p[0].line, p[0].column,
      p[0].line_end, p[0].column_end, q[0].line, q[0].column,
      q[0].line_end, q[0].column_end, sep="\t")
