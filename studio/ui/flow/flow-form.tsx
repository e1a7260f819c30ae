/** A flow as a picture or, the same, as a list. The library of the picture is loaded with the first picture. */
import { lazy, Suspense, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useNarrow } from "../use-narrow.ts";
import styles from "./flow.module.css";
import type { PictureFlow } from "./flow.ts";
import { FlowList } from "./flow-list.tsx";

const FlowPicture = lazy(() =>
  import("./flow-picture.tsx").then((module) => ({ default: module.FlowPicture })),
);

export type FlowForm = "picture" | "list";

/** On a narrow window the list comes first. */
export function useFlowForm() {
  const narrow = useNarrow();
  return useState<FlowForm>(narrow ? "list" : "picture");
}

export function FlowFormChoice({ form, onChange }: { form: FlowForm; onChange: (form: FlowForm) => void }) {
  const { t } = useTranslation();
  return (
    <ToggleButtonGroup
      aria-label={t("ui.flow.form")}
      className={styles.forms ?? ""}
      selectedKeys={[form]}
      disallowEmptySelection
      onSelectionChange={(keys) => onChange(keys.has("list") ? "list" : "picture")}
    >
      <ToggleButton id="picture">{t("ui.flow.picture")}</ToggleButton>
      <ToggleButton id="list">{t("ui.flow.list")}</ToggleButton>
    </ToggleButtonGroup>
  );
}

export function FlowShown({ form, flow, name }: { form: FlowForm; flow: PictureFlow; name: string }) {
  const { t } = useTranslation();
  if (form === "list") return <FlowList flow={flow} />;
  return (
    <Suspense fallback={<p role="status">{t("ui.flow.loading")}</p>}>
      <FlowPicture flow={flow} label={t("ui.flow.pictureOf", { name })} />
    </Suspense>
  );
}
