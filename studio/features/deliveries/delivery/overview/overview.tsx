/** Where a delivery is at one look: its places, and its flows as a picture or, the same, as a list. */
import { lazy, Suspense, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Select } from "../../../../ui/field.tsx";
import { Panel } from "../../../../ui/panel.tsx";
import { useNarrow } from "../../../../ui/use-narrow.ts";
import { useStatus } from "../use-delivery.ts";
import { FlowList } from "./flow-list.tsx";
import styles from "./overview.module.css";
import { Places } from "./places.tsx";
import { type Flow, useFlows } from "./use-flows.ts";

/** The library of the picture is loaded with the first picture. */
const FlowPicture = lazy(() =>
  import("./flow-picture.tsx").then((module) => ({ default: module.FlowPicture })),
);

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
  const narrow = useNarrow();
  const [form, setForm] = useState<"picture" | "list">(narrow ? "list" : "picture");
  const [chosen, choose] = useChosen(flows);
  if (chosen === undefined) return <p role="status">{t("app.loading")}</p>;
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
          <ToggleButtonGroup
            aria-label={t("deliveries.flow.form")}
            className={styles.forms ?? ""}
            selectedKeys={[form]}
            disallowEmptySelection
            onSelectionChange={(keys) => setForm(keys.has("list") ? "list" : "picture")}
          >
            <ToggleButton id="picture">{t("deliveries.flow.picture")}</ToggleButton>
            <ToggleButton id="list">{t("deliveries.flow.list")}</ToggleButton>
          </ToggleButtonGroup>
        </div>
      }
    >
      {form === "list" ? (
        <FlowList flow={chosen} />
      ) : (
        <Suspense fallback={<p role="status">{t("app.loading")}</p>}>
          <FlowPicture key={chosen.instance} flow={chosen} />
        </Suspense>
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
