// SPDX-License-Identifier: GPL-2.0-only
//
// A jump is left out
@found@
identifier l;
position p;
@@
(
break@p;
|
continue@p;
|
goto@p l;
)

@script:python@
p << found.p;
@@
print("jump", p[0].file, p[0].current_element, p[0].line, p[0].column,
      p[0].line_end, p[0].column_end, sep="\t")
