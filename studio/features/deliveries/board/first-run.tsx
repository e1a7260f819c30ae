/** An empty Studio says what it is for and offers the first delivery. */
import { useNavigate } from "@tanstack/react-router";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { problemOf } from "../../../app/api/problem.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { PageHead, Panel } from "../../../ui/panel.tsx";
import styles from "./board.module.css";

export function FirstRun() {
  const { t } = useTranslation();
  const { data: example } = query.useQuery("get", "/example");
  return (
    <div className={styles.first}>
      <PageHead title={t("deliveries.firstTitle")} />
      <p>{t("deliveries.firstText")}</p>
      {example?.folder !== undefined && (
        // The page stays while it is asked who may.
        <Suspense fallback={null}>
          <Example folder={example.folder} />
        </Suspense>
      )}
      <Panel title={t("deliveries.firstOwn")}>
        <p>{t("deliveries.firstCommand")}</p>
        <code className={styles.command}>{example?.command ?? "connectsoft deliver <folder>"}</code>
      </Panel>
    </div>
  );
}

function Example({ folder }: { folder: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const may = useRight("hand-over");
  const handOver = query.useMutation("post", "/deliveries", {
    onSuccess: ({ subject: { traceId, moduleId } }) =>
      void navigate({ to: "/deliveries/$traceId/$moduleId", params: { traceId, moduleId } }),
  });
  const refused = handOver.error === null ? undefined : problemOf(handOver.error);
  return (
    <Panel title={t("deliveries.firstExample")}>
      <p>{t("deliveries.firstExampleText")}</p>
      <p>
        <ActionButton
          {...may}
          tone="primary"
          disabled={handOver.isPending}
          onPress={() => handOver.mutate({ body: { source: { kind: "folder", path: folder } } })}
        >
          {handOver.isPending ? t("deliveries.delivering") : t("deliveries.deliverExample")}
        </ActionButton>
      </p>
      {refused !== undefined && (
        <Notice tone="bad" title={t("deliveries.firstRefused")} live>
          <p>{refused.detail}</p>
          {refused.next !== undefined && <p>{refused.next}</p>}
        </Notice>
      )}
    </Panel>
  );
}
