import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import type { MayDo } from "../../../app/api/use-right.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import { AboutDelivery } from "../parts/about-delivery.tsx";
import parts from "../parts/parts.module.css";
import { ToldState } from "../parts/told-state.tsx";
import styles from "./subscriptions.module.css";

type Delivery = components["schemas"]["SubscriptionDelivery"];

interface DeliveryTableProps {
  label: string;
  deliveries: Delivery[];
  /** What waits is tried once the subscription is resumed. */
  isPaused: boolean;
  may: MayDo;
  onAgain: (delivery: string) => void;
}

export function DeliveryTable({ label, deliveries, isPaused, may, onAgain }: DeliveryTableProps) {
  const { t } = useTranslation();
  const columns: Column<Delivery>[] = [
    { title: t("administration.notifications.event"), heads: true, cell: ({ name }) => name },
    {
      title: t("administration.notifications.about"),
      cell: ({ subject }) => <AboutDelivery subject={subject} />,
    },
    {
      title: t("administration.notifications.state"),
      cell: ({ state, dueAt }) => (
        <div className={styles.fares}>
          <ToldState state={state} />
          {dueAt !== undefined && <NextTry at={dueAt} isPaused={isPaused} />}
        </div>
      ),
    },
    { title: t("administration.subscriptions.answers"), cell: ({ answers }) => <Answers of={answers} /> },
    {
      title: t("administration.acts"),
      acts: true,
      cell: ({ state, name, notificationId }) =>
        state !== "waiting" && (
          <ActionButton
            {...may}
            size="small"
            label={t("administration.subscriptions.redeliverNamed", { name })}
            onPress={() => onAgain(notificationId)}
          >
            {t("administration.subscriptions.redeliver")}
          </ActionButton>
        ),
    },
  ];
  return (
    <Table label={label} columns={columns} rows={deliveries} keyOf={({ notificationId }) => notificationId} />
  );
}

function NextTry({ at, isPaused }: { at: string; isPaused: boolean }) {
  const { t } = useTranslation();
  if (isPaused) return <span>{t("administration.subscriptions.onceResumed")}</span>;
  return (
    <span>
      {t("administration.subscriptions.nextTry")} <Time at={at} />
    </span>
  );
}

function Answers({ of }: { of: Delivery["answers"] }) {
  const { t } = useTranslation();
  if (of.length === 0) return t("administration.subscriptions.notTried");
  return (
    <ul className={parts.lines}>
      {of.map(({ at, answer, tookMs }) => (
        <li key={at}>
          {answer} ({tookMs} ms) <Time at={at} />
        </li>
      ))}
    </ul>
  );
}
