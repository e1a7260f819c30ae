/** Where a delivery is at one look: its places, and its flows as a picture or, the same, as a list. */
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "../../../../ui/checkbox.tsx";
import { Select } from "../../../../ui/field.tsx";
import { FlowFormChoice, FlowShown, useFlowForm } from "../../../../ui/flow/flow-form.tsx";
import { Panel } from "../../../../ui/panel.tsx";
import { useStatus } from "../use-delivery.ts";
import styles from "./overview.module.css";
import { Places } from "./places.tsx";
import { shownPart } from "./shown-part.ts";
import { type Flow, useFlows } from "./use-flows.ts";

export function Overview() {
  return (
    <div className={styles.columns}>
      <Places />
      <Flows />
    </div>
  );
}

function Flows() {
  const { t } = useTranslation();
  const flows = useFlows();
  const [form, setForm] = useFlowForm();
  const [all, setAll] = useState(false);
  const [chosen, choose] = useChosen(flows);
  const part = useMemo(() => chosen && shownPart(chosen, all), [chosen, all]);
  if (chosen === undefined || part === undefined) return <p role="status">{t("app.loading")}</p>;
  return (
    <Panel
      title={t("deliveries.flow.title")}
      aside={
        <div className={styles.choices}>
          <Select
            label={t("deliveries.flow.of")}
            value={chosen.instance}
            onChange={choose}
            options={flows.map(({ instance, environment }) => ({
              id: instance,
              text: environment ?? t("deliveries.flow.whole"),
            }))}
          />
          <FlowFormChoice form={form} onChange={setForm} />
        </div>
      }
    >
      <FlowShown
        key={`${chosen.instance} ${all}`}
        form={form}
        flow={form === "list" ? chosen : part}
        name={chosen.environment ?? chosen.flow}
      />
      {form === "picture" && (
        <Checkbox checked={all} onChange={setAll}>
          {t("deliveries.flow.all")}
        </Checkbox>
      )}
    </Panel>
  );
}

/** Until somebody chooses: the flow of what matters most now. */
function useChosen(flows: readonly Flow[]): [Flow | undefined, (instance: string) => void] {
  const [instance, choose] = useState<string>();
  const { data } = useStatus();
  const { sentence, situations } = data?.explanation ?? { sentence: "", situations: [] };
  const main = instance ?? situations.find((one) => one.sentence === sentence)?.instance;
  return [flows.find((flow) => flow.instance === main) ?? flows[0], choose];
}
