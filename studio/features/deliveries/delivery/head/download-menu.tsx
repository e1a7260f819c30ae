/** What there is to save; what is not there yet, or not for this person, stands in its place with the reason. */
import { Menu, MenuItem } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { useRight } from "../../../../app/api/use-right.ts";
import { useArtifacts } from "../artifacts/use-artifacts.ts";
import { useSubject } from "../use-delivery.ts";
import styles from "./head.module.css";
import { environmentIn, saveArchive, saveArtifact } from "./save-download.ts";

interface Download {
  id: string;
  label: string;
  /** Absent: it can be saved. */
  why?: string | undefined;
  save: () => Promise<void>;
}

export function DownloadMenu({ onSave }: { onSave: (save: () => Promise<void>) => void }) {
  const { t } = useTranslation();
  const downloads = useDownloads();
  return (
    <Menu
      aria-label={t("deliveries.downloads")}
      onAction={(key) => {
        const chosen = downloads.find(({ id }) => id === key);
        if (chosen !== undefined && chosen.why === undefined) onSave(chosen.save);
      }}
    >
      {downloads.map(({ id, label, why }) =>
        why === undefined ? (
          <MenuItem key={id} id={id}>
            {label}
          </MenuItem>
        ) : (
          // Not disabled: the keys come to it, and its reason is read as a part of its name.
          <MenuItem
            key={id}
            id={id}
            textValue={`${label} – ${t("ui.closedHere")}`}
            shouldCloseOnSelect={false}
            data-closed=""
          >
            {label}
            <span className="hidden-visually">{` – ${t("ui.closedHere")}: `}</span>
            <span className={styles.reason}>{why}</span>
          </MenuItem>
        ),
      )}
    </Menu>
  );
}

function useDownloads(): Download[] {
  const { t } = useTranslation();
  const { traceId } = useSubject();
  const mayExport = useRight("export");
  const summaries = useArtifacts().filter(({ name }) => name === "DeploymentSummary.json");
  const none = {
    id: "summary",
    label: t("deliveries.summary"),
    why: t("deliveries.noSummary"),
    save: async () => undefined,
  };
  const ofEnvironments = summaries.map(({ path }) => ({
    id: path,
    label: t("deliveries.summaryOf", { environment: environmentIn(path) }),
    save: () => saveArtifact(path),
  }));
  return [
    ...(ofEnvironments.length > 0 ? ofEnvironments : [none]),
    {
      id: "archive",
      label: t("deliveries.archive"),
      ...(!mayExport.allowed && { why: mayExport.why ?? t("ui.notAllowed") }),
      save: () => saveArchive(traceId),
    },
  ];
}
