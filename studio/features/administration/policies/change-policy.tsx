/** The declaration as a text: looked over line by line, told as sentences, and proposed with a reason. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { ActionButton, Button } from "../../../ui/button.tsx";
import { TextField } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { ChangeOutcome } from "../parts/change-outcome.tsx";
import parts from "../parts/parts.module.css";
import { type LineProblem, problemsIn, TextEditor } from "../parts/text-editor.tsx";
import { declared, useRefresh } from "../parts/use-refresh.ts";

const file = "tenant.yaml";

export function ChangePolicy() {
  const { t } = useTranslation();
  const { data: current } = query.useSuspenseQuery("get", "/tenant");
  const may = useRight("policy");
  const refresh = useRefresh(...declared);
  const [text, setText] = useState(current.text);
  const [reason, setReason] = useState("");
  const validate = query.useMutation("post", "/policy/validations");
  const diff = query.useMutation("post", "/policy/diff");
  const propose = query.useMutation("post", "/policy/proposals", { onSuccess: refresh });
  const change = (next: string) => {
    setText(next);
    for (const answer of [validate, diff, propose]) answer.reset();
  };
  const look = () => {
    propose.reset();
    validate.mutate({ body: { text, file } });
    diff.mutate({ body: { text, file } });
  };
  // What stands for a part of the file is no declaration by itself: that is no problem of it.
  const refused = propose.error ?? diff.error;
  const byLine = problemsIn(refused);
  const findings: LineProblem[] =
    validate.data?.findings.map(({ line, message, suggestion, severity }) => ({
      line,
      message: [message, suggestion].filter(Boolean).join(" "),
      severity,
    })) ?? [];
  return (
    <Panel
      title={t("administration.policies.declaration", { version: current.version })}
      aside={
        <Button size="small" disabled={text === current.text} onPress={() => change(current.text)}>
          {t("administration.policies.reset")}
        </Button>
      }
    >
      <form
        className={parts.form}
        onSubmit={(event) => {
          event.preventDefault();
          propose.mutate({ body: { text, file, reason } });
        }}
      >
        <TextEditor
          label={file}
          hint={t("administration.policies.declarationHint")}
          value={text}
          onChange={change}
          problems={byLine.length > 0 ? byLine : findings}
        />
        {byLine.length === 0 && <Refused error={refused} />}
        {diff.data !== undefined && <Told diff={diff.data} />}
        {propose.data !== undefined && <ChangeOutcome outcome={propose.data} />}
        <TextField
          label={t("administration.reason")}
          hint={t("administration.policies.reasonHint")}
          value={reason}
          onChange={setReason}
          maxLength={2_000}
        />
        <div className={parts.inline}>
          <Button onPress={look} disabled={validate.isPending}>
            {t(validate.isPending ? "administration.policies.looking" : "administration.policies.look")}
          </Button>
          <ActionButton
            {...may}
            type="submit"
            tone="primary"
            disabled={text === current.text || propose.isPending || propose.isSuccess}
          >
            {t("administration.policies.propose")}
          </ActionButton>
        </div>
      </form>
    </Panel>
  );
}

function Told({ diff: { lines, lockOuts } }: { diff: { lines: string[]; lockOuts: string[] } }) {
  const { t } = useTranslation();
  return (
    <Notice
      tone={lockOuts.length > 0 ? "bad" : "info"}
      title={t(lines.length === 0 ? "administration.policies.nothing" : "administration.policies.would")}
      live
    >
      <ul className={parts.lines}>
        {[...lockOuts, ...lines].map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Notice>
  );
}
