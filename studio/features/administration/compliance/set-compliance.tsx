import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Select, TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { ChangeOutcome } from "../parts/change-outcome.tsx";
import parts from "../parts/parts.module.css";
import { fieldProblem } from "../parts/refusal.ts";
import { declared, useRefresh } from "../parts/use-refresh.ts";

export interface Target {
  kind: "everything" | "environment" | "moduleId" | "traceId";
  name: string;
}

interface SetComplianceProps {
  /** Absent: a module or a trace is named here. */
  target?: Target;
  on: boolean;
  onClose: () => void;
}

export function SetCompliance({ target: given, on, onClose }: SetComplianceProps) {
  const { t } = useTranslation();
  const [named, setNamed] = useState<Target>({ kind: "moduleId", name: "" });
  const [reason, setReason] = useState("");
  const refresh = useRefresh(...declared);
  const set = query.useMutation("post", "/compliance", { onSuccess: refresh });
  const target = given ?? named;
  const name = target.name.trim();
  return (
    <ChangeDialog
      title={
        given === undefined
          ? t("administration.compliance.named")
          : t(on ? "administration.compliance.beginNamed" : "administration.compliance.endNamed", {
              name: given.name,
            })
      }
      intro={t(on ? "administration.compliance.beginIntro" : "administration.compliance.endIntro")}
      button={t(on ? "administration.compliance.begin" : "administration.compliance.end")}
      tone={on ? "primary" : "danger"}
      change={set}
      fields={["moduleId", "traceId", "reason"]}
      ready={name !== "" && reason.trim() !== ""}
      onClose={onClose}
      onSubmit={() =>
        set.mutate({
          body: {
            on,
            reason,
            ...(target.kind === "everything" && { everything: true as const }),
            ...(target.kind === "environment" && { environment: name }),
            ...(target.kind === "moduleId" && { moduleId: name }),
            ...(target.kind === "traceId" && { traceId: name }),
          },
        })
      }
      done={set.data && <ChangeOutcome outcome={set.data} />}
    >
      {given === undefined && (
        <div className={parts.row}>
          <Select
            label={t("administration.compliance.what")}
            value={named.kind}
            onChange={(kind) => setNamed({ ...named, kind: kind as Target["kind"] })}
            options={(["moduleId", "traceId"] as const).map((id) => ({
              id,
              text: t(`administration.compliance.kind.${id}`),
            }))}
          />
          <TextField
            label={t("administration.compliance.name")}
            value={named.name}
            onChange={(next) => setNamed({ ...named, name: next })}
            error={fieldProblem(set.error, named.kind)}
            required
          />
        </div>
      )}
      <TextField
        label={t("administration.reason")}
        value={reason}
        onChange={setReason}
        error={fieldProblem(set.error, "reason")}
        lines={2}
        maxLength={2_000}
        required
      />
    </ChangeDialog>
  );
}
