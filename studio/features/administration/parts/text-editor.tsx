/** A text with the problems that the server found in it: each leads to its line. */
import { useRef } from "react";
import { Button, FieldError, Label, Text, TextArea, TextField } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { problemOf } from "../../../app/api/problem.ts";
import { buttonClass } from "../../../ui/button.tsx";
import field from "../../../ui/field.module.css";
import { Notice } from "../../../ui/notice.tsx";
import parts from "./parts.module.css";

export interface LineProblem {
  line?: number | undefined;
  message: string;
  severity?: "error" | "warning";
}

interface TextEditorProps {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  problems: readonly LineProblem[];
  lines?: number;
}

export function TextEditor({ label, hint, value, onChange, problems, lines = 20 }: TextEditorProps) {
  const { t } = useTranslation();
  const area = useRef<HTMLTextAreaElement>(null);
  const wrong = problems.some(({ severity }) => severity !== "warning");
  return (
    <div className={parts.stack}>
      <TextField
        className={`${field.field} ${parts.mono}`}
        value={value}
        onChange={onChange}
        isInvalid={wrong}
        validationBehavior="aria"
      >
        <Label>{label}</Label>
        <TextArea ref={area} rows={lines} spellCheck="false" autoComplete="off" />
        {hint !== undefined && <Text slot="description">{hint}</Text>}
        {wrong && <FieldError>{t("administration.editor.wrong")}</FieldError>}
      </TextField>
      {problems.length > 0 && (
        <Notice
          tone={wrong ? "bad" : "warn"}
          title={t("administration.editor.problems", { count: problems.length })}
          live
        >
          <ul className={parts.stack}>
            {problems.map(({ line, message }) => (
              <li key={`${line} ${message}`} className={parts.inline}>
                {line !== undefined && (
                  <Button
                    className={buttonClass}
                    data-tone="quiet"
                    onPress={() => area.current !== null && showLine(area.current, line)}
                  >
                    {t("administration.editor.line", { line })}
                  </Button>
                )}
                <span>{message}</span>
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </div>
  );
}

/** A refusal of a file names its lines (`tenant.yaml:12:5: ...`), one problem each. */
export function problemsIn(error: unknown): LineProblem[] {
  if (error === null || error === undefined) return [];
  const { detail } = problemOf(error);
  return detail.split("\n").flatMap((text) => {
    const found = /^\s*[^\s:]+:(\d+):\d+:? (.*)$/u.exec(text) ?? /^\s*[^\s:]+:(\d+):? (.*)$/u.exec(text);
    return found === null ? [] : [{ line: Number(found[1]), message: found[2] ?? text }];
  });
}

function showLine(area: HTMLTextAreaElement, line: number): void {
  const rows = area.value.split("\n");
  const begin = rows.slice(0, line - 1).reduce((sum, row) => sum + row.length + 1, 0);
  area.focus();
  area.setSelectionRange(begin, begin + (rows[line - 1]?.length ?? 0));
  area.scrollTop = (area.scrollHeight / rows.length) * Math.max(line - 4, 0);
}
