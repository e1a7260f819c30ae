/** The flows that new deliveries run on, each as a picture and as text, and the check of one that somebody writes. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Select } from "../../../ui/field.tsx";
import type { PictureFlow } from "../../../ui/flow/flow.ts";
import { FlowFormChoice, FlowShown, useFlowForm } from "../../../ui/flow/flow-form.tsx";
import { PageHead, Panel } from "../../../ui/panel.tsx";
import parts from "../parts/parts.module.css";
import { CheckFlow } from "./check-flow.tsx";

export function Flows() {
  const { t } = useTranslation();
  const { data: flows } = query.useSuspenseQuery("get", "/flows");
  const [chosen, setChosen] = useState(flows[0]?.name ?? "");
  return (
    <>
      <PageHead title={t("administration.flows.title")} meta={t("administration.flows.intro")} />
      <div className={parts.stack}>
        <div className={parts.row}>
          <Select
            label={t("administration.flows.flow")}
            value={chosen}
            onChange={setChosen}
            options={flows.map(({ name }) => ({ id: name, text: name }))}
          />
        </div>
        <Flow key={chosen} name={chosen} />
      </div>
    </>
  );
}

/** A flow that was written here and is sound is drawn in the place of the one that holds. */
function Flow({ name }: { name: string }) {
  const { t } = useTranslation();
  const { data: flow } = query.useSuspenseQuery("get", "/flows/{name}", { params: { path: { name } } });
  const [checked, setChecked] = useState<Drawn>();
  return (
    <>
      <Picture of={checked ?? flow} isTried={checked !== undefined} />
      <Panel
        title={t("administration.flows.text")}
        aside={<code className={parts.muted}>{flow.digest.slice(0, 19)}…</code>}
      >
        <CheckFlow flow={flow} onChecked={setChecked} />
      </Panel>
    </>
  );
}

interface Drawn {
  name: string;
  digest: string;
  picture: PictureFlow & { description?: string };
}

function Picture({ of: { name, digest, picture }, isTried }: { of: Drawn; isTried: boolean }) {
  const { t } = useTranslation();
  const [form, setForm] = useFlowForm();
  return (
    <Panel
      title={isTried ? t("administration.flows.tried", { name }) : name}
      aside={<FlowFormChoice form={form} onChange={setForm} />}
    >
      {picture.description !== undefined && <p className={parts.intro}>{picture.description}</p>}
      <FlowShown key={digest} form={form} flow={picture} name={name} />
    </Panel>
  );
}
