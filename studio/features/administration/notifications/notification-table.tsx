import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import type { MayDo } from "../../../app/api/use-right.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import { AboutDelivery } from "../parts/about-delivery.tsx";
import { ToldState } from "../parts/told-state.tsx";

type Row = components["schemas"]["NotificationRow"];

interface NotificationTableProps {
  rows: Row[];
  may: MayDo;
  onRetry: (id: string) => void;
}

export function NotificationTable({ rows, may, onRetry }: NotificationTableProps) {
  const { t } = useTranslation();
  const columns: Column<Row>[] = [
    { title: t("administration.notifications.event"), heads: true, cell: ({ name }) => name },
    {
      title: t("administration.notifications.about"),
      cell: ({ subject }) => <AboutDelivery subject={subject} />,
    },
    { title: t("administration.notifications.target"), cell: ({ targetId }) => targetId },
    {
      title: t("administration.notifications.state"),
      cell: ({ state, problem, attempts }) => (
        <>
          <ToldState state={state} />
          {problem !== undefined && ` ${t("administration.notifications.after", { attempts, problem })}`}
        </>
      ),
    },
    {
      title: t("administration.notifications.when"),
      cell: ({ endedAt, madeAt }) => <Time at={endedAt ?? madeAt} />,
    },
    {
      title: t("administration.acts"),
      acts: true,
      cell: ({ state, notificationId, name }) =>
        state === "dead" && (
          <ActionButton
            {...may}
            size="small"
            label={t("administration.notifications.retryNamed", { name })}
            onPress={() => onRetry(notificationId)}
          >
            {t("administration.notifications.retry")}
          </ActionButton>
        ),
    },
  ];
  return (
    <Table
      label={t("administration.notifications.sent")}
      columns={columns}
      rows={rows}
      keyOf={({ notificationId }) => notificationId}
    />
  );
}
