/** What leaves with a person: how it was deployed, and the archive that proves it without this server. */
import { useState } from "react";
import { Menu, MenuItem, MenuTrigger, Popover, Button as Pressable } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { api } from "../../../../app/api/api.ts";
import { type Problem, problemOf } from "../../../../app/api/problem.ts";
import { buttonClass } from "../../../../ui/button.tsx";
import { saveAs } from "../../../../ui/code/download-text.tsx";
import { Icon } from "../../../../ui/icon.tsx";
import { Notice } from "../../../../ui/notice.tsx";
import { useArtifacts } from "../artifacts/use-artifacts.ts";
import { useSubject } from "../use-delivery.ts";
import styles from "./head.module.css";

const archive = "archive";

export function Downloads() {
  const { t } = useTranslation();
  const { traceId } = useSubject();
  const [problem, setProblem] = useState<Problem>();
  const summaries = useArtifacts().filter(({ name }) => name === "DeploymentSummary.json");
  const save = async (what: string) => {
    setProblem(undefined);
    try {
      if (what === archive) await saveArchive(traceId);
      else await saveArtifact(what);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <>
      <MenuTrigger>
        <Pressable className={buttonClass}>
          <Icon name="download" /> {t("deliveries.downloads")}
        </Pressable>
        <Popover className={styles.popover ?? ""} placement="bottom end">
          <Menu onAction={(key) => void save(String(key))}>
            {summaries.map(({ path }) => (
              <MenuItem key={path} id={path}>
                {t("deliveries.summaryOf", { environment: environmentIn(path) })}
              </MenuItem>
            ))}
            <MenuItem id={archive}>{t("deliveries.archive")}</MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {problem !== undefined && (
        <Notice tone="bad" title={problem.detail} live>
          {problem.next}
        </Notice>
      )}
    </>
  );
}

async function saveArchive(traceId: string): Promise<void> {
  const { data, error } = await api.GET("/audit/traces/{traceId}", {
    params: { path: { traceId } },
    parseAs: "blob",
  });
  if (data === undefined) throw error;
  saveAs(data, `${traceId}.audit.tar.gz`);
}

async function saveArtifact(path: string): Promise<void> {
  const { data, error } = await api.GET("/memory/content", { params: { query: { path } } });
  if (data === undefined) throw error;
  const name = path.slice(path.lastIndexOf("/") + 1);
  saveAs(new Blob([data.content], { type: "application/json" }), `${environmentIn(path)}-${name}`);
}

/** `.../env-staging/...` */
function environmentIn(path: string): string {
  return /\/env-([^/]+)\//.exec(path)?.[1] ?? "";
}
