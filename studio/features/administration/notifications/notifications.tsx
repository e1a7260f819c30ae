/** Who is told of what, whether it arrives, and what was given up. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { query } from "../../../app/api/api.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { Refused } from "../../../app/layout/refused.tsx";
import { ActionButton } from "../../../ui/button.tsx";
import { Empty, PageHead, Panel } from "../../../ui/panel.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";
import { Tags } from "../parts/tags.tsx";
import { useRefresh } from "../parts/use-refresh.ts";
import { NotificationTable } from "./notification-table.tsx";
import { TestTarget } from "./test-target.tsx";

type Target = components["schemas"]["NotificationList"]["targets"][number];

export function Notifications() {
  const { t } = useTranslation();
  const { data } = query.useSuspenseQuery(
    "get",
    "/notifications",
    { params: { query: { limit: 200 } } },
    { meta: { live: "tenant" } },
  );
  const mayTest = useRight("tenant");
  const mayRetry = useRight("retry");
  const [tested, setTested] = useState<string>();
  const refresh = useRefresh("/notifications");
  const retry = query.useMutation("post", "/notifications/retry", { onSuccess: refresh });
  const dead = data.targets.reduce((sum, target) => sum + target.dead, 0);
  const columns: Column<Target>[] = [
    {
      title: t("administration.notifications.target"),
      heads: true,
      cell: ({ targetId, channel }) => (
        <>
          {targetId} <span className={parts.muted}>{channel}</span>
        </>
      ),
    },
    { title: t("administration.notifications.on"), cell: ({ on }) => <Tags of={on} /> },
    {
      title: t("administration.notifications.counts"),
      cell: ({ waiting, sent, dead: given }) =>
        t("administration.notifications.count", { waiting, sent, dead: given }),
    },
    {
      title: t("administration.notifications.problem"),
      cell: ({ problem, resumeAt }) =>
        problem !== undefined && (
          <>
            {problem}
            {resumeAt !== undefined && (
              <>
                {" · "}
                {t("administration.notifications.triedAgain")} <Time at={resumeAt} />
              </>
            )}
          </>
        ),
    },
    {
      title: t("administration.acts"),
      acts: true,
      cell: ({ targetId }) => (
        <ActionButton
          {...mayTest}
          size="small"
          label={t("administration.notifications.testNamed", { target: targetId })}
          onPress={() => setTested(targetId)}
        >
          {t("administration.notifications.test")}
        </ActionButton>
      ),
    },
  ];
  return (
    <>
      <PageHead
        title={t("administration.notifications.title")}
        actions={
          dead > 0 && (
            <ActionButton {...mayRetry} onPress={() => retry.mutate({ body: { all: true } })}>
              {t("administration.notifications.retryAll")}
            </ActionButton>
          )
        }
      />
      <Refused error={retry.error} />
      <Panel title={t("administration.notifications.targets")}>
        {data.targets.length === 0 ? (
          <Empty icon="bell" title={t("administration.notifications.noTargets")}>
            <p>{t("administration.notifications.noTargetsText")}</p>
            <Link to="/administration/policies" search={{ tab: "change" }}>
              {t("administration.tenant.declaration")}
            </Link>
          </Empty>
        ) : (
          <Table
            label={t("administration.notifications.targets")}
            columns={columns}
            rows={data.targets}
            keyOf={({ targetId }) => targetId}
          />
        )}
      </Panel>
      <Panel title={t("administration.notifications.sent")}>
        {data.notifications.length === 0 ? (
          <p className={parts.muted}>{t("administration.notifications.none")}</p>
        ) : (
          <NotificationTable
            rows={data.notifications}
            may={mayRetry}
            onRetry={(id) => retry.mutate({ body: { ids: [id] } })}
          />
        )}
      </Panel>
      {tested !== undefined && <TestTarget target={tested} onClose={() => setTested(undefined)} />}
    </>
  );
}
