import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { TextField } from "../../../ui/field.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { fieldProblem } from "../parts/refusal.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import { ChangeList } from "./change-list.tsx";

/** The name is typed, so that nobody destroys what they did not mean. */
export function DestroyEnvironment({ environment, onClose }: { environment: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState({ name: "", reason: "" });
  const [withSettings, setWithSettings] = useState(false);
  const [serving, setServing] = useState(false);
  const refresh = useRefresh("/environments", "/environments/{environment}");
  const destroy = query.useMutation("post", "/environments/{environment}/destroy", { onSuccess: refresh });
  return (
    <ChangeDialog
      title={t("administration.tenant.destroyNamed", { environment })}
      intro={t("administration.tenant.destroyIntro")}
      button={t("administration.tenant.destroy")}
      tone="danger"
      change={destroy}
      fields={["reason"]}
      ready={typed.name === environment && typed.reason.trim() !== ""}
      onSubmit={() =>
        destroy.mutate({
          params: { path: { environment } },
          body: { reason: typed.reason, withSettings, serving },
        })
      }
      onClose={onClose}
      done={
        destroy.data && (
          <Notice tone="good" title={t("administration.tenant.destroyed", { environment })} live>
            <ChangeList changes={destroy.data.changes} />
          </Notice>
        )
      }
    >
      <TextField
        label={t("administration.tenant.typeName", { environment })}
        value={typed.name}
        onChange={(name) => setTyped({ ...typed, name })}
        autoComplete="off"
        autoFocus
        required
      />
      <TextField
        label={t("administration.reason")}
        value={typed.reason}
        onChange={(reason) => setTyped({ ...typed, reason })}
        error={fieldProblem(destroy.error, "reason")}
        lines={2}
        maxLength={2_000}
        required
      />
      <Checkbox checked={serving} onChange={setServing}>
        {t("administration.tenant.serving")}
      </Checkbox>
      <Checkbox checked={withSettings} onChange={setWithSettings}>
        {t("administration.tenant.withSettings")}
      </Checkbox>
    </ChangeDialog>
  );
}
