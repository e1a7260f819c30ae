/** Sets one value. That of a secret goes to the server and is shown nowhere again. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { TextField } from "../../../ui/field.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { fieldProblem } from "../parts/refusal.ts";
import { useRefresh } from "../parts/use-refresh.ts";
import type { Kind, Place } from "./setting.ts";

interface SetSettingProps {
  place: Place;
  kind: Kind;
  /** Absent: one more. */
  name: string | undefined;
  onClose: () => void;
}

export function SetSetting({ place, kind, name, onClose }: SetSettingProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState({ name: name ?? "", value: "" });
  const set = useSet(kind, onClose);
  const { environment, module } = place;
  return (
    <ChangeDialog
      title={
        name === undefined
          ? t(`administration.settings.new.${kind}`)
          : t("administration.settings.changeNamed", { name })
      }
      intro={t(`administration.settings.setIntro.${kind}`, {
        place: [environment, module].filter(Boolean).join(" / "),
      })}
      button={t("administration.settings.set")}
      change={set}
      fields={["name", "value"]}
      ready={typed.name !== ""}
      onClose={onClose}
      onSubmit={() =>
        set.mutate({
          params: { path: { environment, name: typed.name } },
          body: { value: typed.value, ...(module !== undefined && { moduleId: module }) },
        })
      }
    >
      {name === undefined && (
        <TextField
          label={t("administration.settings.name")}
          hint={t("administration.settings.nameHint")}
          value={typed.name}
          onChange={(next) => setTyped({ ...typed, name: next })}
          error={fieldProblem(set.error, "name")}
          autoComplete="off"
          autoFocus
          required
        />
      )}
      <TextField
        label={t("administration.settings.value")}
        value={typed.value}
        onChange={(value) => setTyped({ ...typed, value })}
        error={fieldProblem(set.error, "value")}
        autoComplete="off"
        {...(kind === "secrets" ? { type: "password" as const } : { lines: 3 })}
      />
    </ChangeDialog>
  );
}

function useSet(kind: Kind, done: () => void) {
  const refresh = useRefresh(
    "/settings/{environment}/config",
    "/settings/{environment}/secrets",
    "/environments/{environment}",
  );
  const onSuccess = () => {
    refresh();
    done();
  };
  const config = query.useMutation("put", "/settings/{environment}/config/{name}", { onSuccess });
  const secret = query.useMutation("put", "/settings/{environment}/secrets/{name}", { onSuccess });
  return kind === "config" ? config : secret;
}
