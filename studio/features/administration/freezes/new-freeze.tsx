/** Holds releases from now, or from a time on the clocks of a zone; once, or again by a rule. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Choices } from "../../../ui/choices.tsx";
import { Select, TextField } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import parts from "../parts/parts.module.css";
import { fieldProblem } from "../parts/refusal.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import { FreezeSummary } from "./freeze-summary.tsx";

const roles = ["StudioApprover", "StudioAdmin"] as const;
const rules = { once: "", daily: "FREQ=DAILY", weekly: "FREQ=WEEKLY", yearly: "FREQ=YEARLY", own: "" };
type Rule = keyof typeof rules;

export function NewFreeze({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data: tenant } = query.useSuspenseQuery("get", "/tenant/parts");
  const refresh = useRefresh("/freezes", "/freezes/windows");
  const set = query.useMutation("post", "/freezes", { onSuccess: refresh });
  const [typed, setTyped] = useState({
    reason: "",
    start: "",
    end: "",
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    own: "",
    modules: "",
  });
  const [rule, setRule] = useState<Rule>("once");
  const [environments, setEnvironments] = useState<string[]>([]);
  const [mayOverride, setMayOverride] = useState<(typeof roles)[number][]>([...roles]);
  const change = (next: Partial<typeof typed>) => setTyped({ ...typed, ...next });
  const field = (name: keyof typeof typed, as: string = name) => ({
    value: typed[name],
    onChange: (value: string) => change({ [name]: value }),
    error: fieldProblem(set.error, as),
  });
  const rrule = rule === "own" ? typed.own.trim() : rules[rule];
  const modules = typed.modules.split(/[\s,]+/).filter((name) => name !== "");
  return (
    <ChangeDialog
      title={t("administration.freezes.new")}
      intro={t("administration.freezes.newIntro")}
      button={t("administration.freezes.set")}
      change={set}
      fields={[
        "reason",
        "start",
        "end",
        "duration",
        "timeZone",
        "rrule",
        "modules",
        "environments",
        "mayOverride",
      ]}
      ready={typed.reason.trim() !== ""}
      onClose={onClose}
      onSubmit={() =>
        set.mutate({
          body: {
            reason: typed.reason,
            timeZone: typed.timeZone.trim(),
            mayOverride,
            ...(typed.start !== "" && { start: typed.start }),
            ...(typed.end !== "" && { end: typed.end }),
            ...(rrule !== "" && { rrule }),
            ...(environments.length > 0 && { environments }),
            ...(modules.length > 0 && { modules }),
          },
        })
      }
      done={
        set.data && (
          <Notice tone="good" title={t("administration.freezes.isSet", { id: typed.reason })} live>
            <p>{set.data.words}</p>
          </Notice>
        )
      }
    >
      <TextField
        {...field("reason")}
        label={t("administration.freezes.reason")}
        hint={t("administration.freezes.reasonHint")}
        maxLength={200}
        autoFocus
        required
      />
      <div className={parts.row}>
        <TextField
          {...field("start")}
          label={t("administration.freezes.start")}
          hint={t("administration.freezes.startHint")}
          type="datetime-local"
        />
        <TextField
          {...field("end")}
          label={t("administration.freezes.end")}
          hint={t("administration.freezes.endHint")}
          type="datetime-local"
        />
      </div>
      <div className={parts.row}>
        <TextField {...field("timeZone")} label={t("administration.freezes.timeZone")} maxLength={64} />
        <Select
          label={t("administration.freezes.repeats")}
          value={rule}
          onChange={(next) => setRule(next as Rule)}
          options={(Object.keys(rules) as Rule[]).map((id) => ({
            id,
            text: t(`administration.freezes.rule.${id}`),
          }))}
        />
      </div>
      {rule === "own" && (
        <TextField
          {...field("own", "rrule")}
          label={t("administration.freezes.rrule")}
          placeholder="FREQ=WEEKLY;BYDAY=FR"
        />
      )}
      {rule !== "own" && fieldProblem(set.error, "rrule") !== undefined && (
        <Notice tone="bad" title={fieldProblem(set.error, "rrule") ?? ""} live />
      )}
      <Choices
        label={t("administration.freezes.environments")}
        hint={t("administration.freezes.allHint")}
        options={tenant.environments.map(({ id }) => ({ id, text: id }))}
        chosen={environments}
        onChange={setEnvironments}
        error={fieldProblem(set.error, "environments")}
      />
      <TextField
        {...field("modules")}
        label={t("administration.freezes.modules")}
        hint={t("administration.freezes.modulesHint")}
      />
      <Choices
        label={t("administration.freezes.mayOverride")}
        hint={t("administration.freezes.mayOverrideHint")}
        options={roles.map((id) => ({ id, text: id }))}
        chosen={mayOverride}
        onChange={setMayOverride}
        error={fieldProblem(set.error, "mayOverride")}
      />
      <FreezeSummary
        modules={modules}
        environments={environments}
        start={typed.start}
        end={typed.end}
        repeats={rrule !== ""}
      />
    </ChangeDialog>
  );
}
