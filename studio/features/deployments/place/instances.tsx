import { useTranslation } from "react-i18next";
import type { components } from "../../../../client/src/schema.d.ts";
import { Table } from "../../../ui/table.tsx";
import { durationText, Time } from "../../../ui/time.tsx";
import { ProbesInShort } from "./probes.tsx";

type Instance = components["schemas"]["RunningInstance"];

export function Instances({ instances }: { instances: readonly Instance[] }) {
  const { t, i18n } = useTranslation();
  const bytes = new Intl.NumberFormat(i18n.language, {
    style: "unit",
    unit: "megabyte",
    maximumFractionDigits: 0,
  });
  return (
    <Table
      label={t("deployments.running.instances")}
      rows={instances}
      keyOf={({ index }) => String(index)}
      columns={[
        { title: t("deployments.instance.index"), heads: true, cell: ({ index }) => index },
        {
          title: t("deployments.instance.state"),
          cell: ({ state, reason }) => reason ?? t(`deployments.states.${state}`),
        },
        {
          title: t("deployments.instance.probes"),
          cell: ({ healthStatus }) => <ProbesInShort probes={healthStatus} />,
        },
        {
          title: t("deployments.instance.started"),
          cell: ({ startedAt }) => startedAt && <Time at={startedAt} />,
        },
        {
          title: t("deployments.running.startup"),
          cell: ({ startupTimeMs }) =>
            startupTimeMs !== undefined && durationText(startupTimeMs, i18n.language),
        },
        { title: t("deployments.running.restarts"), cell: ({ restartCount }) => restartCount },
        {
          title: t("deployments.instance.memory"),
          cell: ({ memoryBytes }) => memoryBytes !== undefined && bytes.format(memoryBytes / 1_000_000),
        },
      ]}
    />
  );
}
