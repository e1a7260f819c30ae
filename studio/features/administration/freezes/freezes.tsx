/** When releases are held: a calendar of every window, and the freezes that they come of. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { useRight } from "../../../app/api/use-right.ts";
import { ActionButton } from "../../../ui/button.tsx";
import { Empty, PageHead, Panel } from "../../../ui/panel.tsx";
import { useNow } from "../../../ui/use-now.ts";
import type { CalendarSearch } from "../searches.ts";
import { Calendar } from "./calendar.tsx";
import type { Freeze } from "./freeze.ts";
import { FreezeTable } from "./freeze-table.tsx";
import { ImportCalendar } from "./import-calendar.tsx";
import { LiftFreeze } from "./lift-freeze.tsx";
import { monthOf } from "./month.ts";
import { NewFreeze } from "./new-freeze.tsx";

type Open = { kind: "new" } | { kind: "import" } | { kind: "lift"; freeze: Freeze } | undefined;

export function Freezes() {
  const { t } = useTranslation();
  const { month = monthOf(useNow()) } = useSearch({ strict: false }) as CalendarSearch;
  const navigate = useNavigate();
  const { data: freezes } = query.useSuspenseQuery("get", "/freezes");
  const may = useRight("freeze");
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <>
      <PageHead
        title={t("administration.freezes.title")}
        meta={t("administration.freezes.zone", {
          zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        })}
        actions={
          <>
            <ActionButton {...may} onPress={() => setOpen({ kind: "import" })}>
              {t("administration.freezes.import")}
            </ActionButton>
            <ActionButton {...may} tone="primary" onPress={() => setOpen({ kind: "new" })}>
              {t("administration.freezes.new")}
            </ActionButton>
          </>
        }
      />
      <Suspense fallback={<p role="status">{t("app.loading")}</p>}>
        <Calendar
          month={month}
          onMonth={(next) => void navigate({ to: "/administration/freezes", search: { month: next } })}
        />
      </Suspense>
      <Panel title={t("administration.freezes.all")}>
        {freezes.length === 0 ? (
          <Empty icon="snowflake" title={t("administration.freezes.none")}>
            <p>{t("administration.freezes.noneText")}</p>
          </Empty>
        ) : (
          <FreezeTable freezes={freezes} onLift={(freeze) => setOpen({ kind: "lift", freeze })} />
        )}
      </Panel>
      {open?.kind === "new" && <NewFreeze onClose={close} />}
      {open?.kind === "import" && <ImportCalendar onClose={close} />}
      {open?.kind === "lift" && <LiftFreeze freeze={open.freeze} onClose={close} />}
    </>
  );
}
