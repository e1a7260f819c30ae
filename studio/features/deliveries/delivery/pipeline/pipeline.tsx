/** What was generated for the module and what it does: stages, the gates of each environment, and the files. */
import { useTranslation } from "react-i18next";
import { Empty } from "../../../../ui/panel.tsx";
import { useDocument } from "../documents.ts";
import { useStatus } from "../use-delivery.ts";
import { Gates } from "./gates.tsx";
import { GeneratedFiles } from "./generated-files.tsx";
import type { Snapshot } from "./snapshot.ts";
import { Stages } from "./stages.tsx";

export function Pipeline() {
  const { t } = useTranslation();
  const { data } = useStatus();
  const snapshot = useDocument<Snapshot>("PipelineSnapshot.yaml");
  if (snapshot === undefined)
    return (
      <Empty icon="hammer" title={t("deliveries.pipeline.none")}>
        <p>{t("deliveries.pipeline.noneText")}</p>
      </Empty>
    );
  return (
    <>
      <Stages snapshot={snapshot} />
      {(data?.environments ?? []).map((environment) => (
        <Gates key={environment} environment={environment} />
      ))}
      <GeneratedFiles snapshot={snapshot} />
    </>
  );
}
