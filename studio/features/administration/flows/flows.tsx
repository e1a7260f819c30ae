/** The flows that new deliveries run on, and the check of one that somebody writes. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { Button } from "../../../ui/button.tsx";
import { Select } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { PageHead, Panel } from "../../../ui/panel.tsx";
import parts from "../parts/parts.module.css";
import { problemsIn, TextEditor } from "../parts/text-editor.tsx";

export function Flows() {
  const { t } = useTranslation();
  const { data: flows } = query.useSuspenseQuery("get", "/flows");
  const [chosen, setChosen] = useState(flows[0]?.name ?? "");
  return (
    <>
      <PageHead title={t("administration.flows.title")} />
      <div className={parts.stack}>
        <div className={parts.row}>
          <Select
            label={t("administration.flows.flow")}
            value={chosen}
            onChange={setChosen}
            options={flows.map(({ name }) => ({ id: name, text: name }))}
          />
        </div>
        <p className={parts.muted}>{t("administration.flows.intro")}</p>
        <Flow key={chosen} name={chosen} />
      </div>
    </>
  );
}

function Flow({ name }: { name: string }) {
  const { t } = useTranslation();
  const { data: flow } = query.useSuspenseQuery("get", "/flows/{name}", { params: { path: { name } } });
  const [text, setText] = useState(flow.text);
  const validate = query.useMutation("post", "/flows/validate");
  const file = `${name}.yaml`;
  const problems = problemsIn(validate.error);
  return (
    <Panel title={flow.name} aside={<code className={parts.muted}>{flow.digest.slice(0, 19)}…</code>}>
      <form
        className={parts.form}
        onSubmit={(event) => {
          event.preventDefault();
          validate.mutate({ body: { text, file } });
        }}
      >
        <TextEditor
          label={file}
          hint={t("administration.flows.hint")}
          value={text}
          onChange={(next) => {
            setText(next);
            validate.reset();
          }}
          problems={problems}
          lines={28}
        />
        {problems.length === 0 && <Refused error={validate.error} />}
        {validate.data !== undefined && (
          <Notice tone="good" title={t("administration.flows.valid", { name: validate.data.name })} live>
            <code>{validate.data.digest}</code>
          </Notice>
        )}
        <div className={parts.inline}>
          <Button type="submit" tone="primary" disabled={validate.isPending}>
            {t("administration.flows.validate")}
          </Button>
          <Button disabled={text === flow.text} onPress={() => setText(flow.text)}>
            {t("administration.flows.reset")}
          </Button>
        </div>
      </form>
    </Panel>
  );
}
