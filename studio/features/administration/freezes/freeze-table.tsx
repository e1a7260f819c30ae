import { useTranslation } from "react-i18next";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { StateBadge, type Tone } from "../../../ui/state-badge.tsx";
import { type Column, Table } from "../../../ui/table.tsx";
import { Time } from "../../../ui/time.tsx";
import parts from "../parts/parts.module.css";
import { Tags } from "../parts/tags.tsx";
import type { Freeze } from "./freeze.ts";
import { OtherClock } from "./other-clock.tsx";

const toneOf: Record<Freeze["state"], Tone> = { active: "info", coming: "warn", over: "neutral" };

export function FreezeTable({ freezes, onLift }: { freezes: Freeze[]; onLift: (freeze: Freeze) => void }) {
  const { t } = useTranslation();
  const may = useRight("policy");
  const liftable = (freeze: Freeze) =>
    freeze.setBy === undefined ? { allowed: false, why: t("administration.freezes.declaredWhy") } : may;
  const columns: Column<Freeze>[] = [
    {
      title: t("administration.freezes.what"),
      heads: true,
      cell: ({ id, reason }) => (
        <>
          {reason}
          <br />
          <code className={parts.muted}>{id}</code>
        </>
      ),
    },
    {
      title: t("administration.freezes.state"),
      cell: ({ state }) => (
        <StateBadge
          word={t(`administration.freezes.is.${state}`)}
          tone={toneOf[state]}
          icon={state === "active" ? "snowflake" : undefined}
        />
      ),
    },
    { title: t("administration.freezes.when"), cell: (freeze) => <When freeze={freeze} /> },
    { title: t("administration.freezes.scope"), cell: (freeze) => <Tags of={scopeOf(freeze, t)} /> },
    { title: t("administration.freezes.by"), cell: (freeze) => <SetBy freeze={freeze} /> },
    {
      title: t("administration.acts"),
      acts: true,
      cell: (freeze) =>
        freeze.state !== "over" && (
          <ActionButton
            {...liftable(freeze)}
            size="small"
            label={t(
              freeze.liftAsked === undefined
                ? "administration.freezes.liftNamed"
                : "administration.freezes.confirmNamed",
              { reason: freeze.reason },
            )}
            onPress={() => onLift(freeze)}
          >
            {t(
              freeze.liftAsked === undefined
                ? "administration.freezes.lift"
                : "administration.freezes.confirmLift",
            )}
          </ActionButton>
        ),
    },
  ];
  return (
    <Table label={t("administration.freezes.all")} columns={columns} rows={freezes} keyOf={({ id }) => id} />
  );
}

function When({ freeze: { from, until, words, rrule, timeZone } }: { freeze: Freeze }) {
  const { t } = useTranslation();
  if (from === undefined) return <span className={parts.muted}>{t("administration.freezes.ended")}</span>;
  return (
    <div>
      <Time at={from} form="exact" /> –{" "}
      {until === undefined ? t("administration.freezes.noEnd") : <Time at={until} form="exact" />}
      {words !== undefined && (
        <div>
          <OtherClock timeZone={timeZone}>{words}</OtherClock>
        </div>
      )}
      {rrule !== undefined && (
        <div className={parts.muted}>
          {t("administration.freezes.recurs")} <code>{rrule}</code>
        </div>
      )}
    </div>
  );
}

function SetBy({ freeze: { setBy, liftAsked } }: { freeze: Freeze }) {
  const { t } = useTranslation();
  return (
    <span>
      {setBy === undefined ? (
        t("administration.freezes.declared")
      ) : (
        <>
          {setBy.person}, <Time at={setBy.at} />
        </>
      )}
      {liftAsked !== undefined && (
        <>
          <br />
          {t("administration.freezes.liftAsked", { by: liftAsked.by, reason: liftAsked.reason })}
        </>
      )}
    </span>
  );
}

function scopeOf(
  { environments = [], modules = [], editions = [] }: Freeze,
  t: (key: "administration.freezes.everything") => string,
): string[] {
  const words = [...environments, ...modules, ...editions];
  return words.length === 0 ? [t("administration.freezes.everything")] : words;
}
