import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { useRefresh } from "../parts/use-refresh.ts";
import type { Kind, Place } from "./setting.ts";

interface UnsetSettingProps {
  place: Place;
  kind: Kind;
  name: string;
  onClose: () => void;
}

export function UnsetSetting({ place, kind, name, onClose }: UnsetSettingProps) {
  const { t } = useTranslation();
  const unset = useUnset(kind, onClose);
  const { environment, module } = place;
  return (
    <ChangeDialog
      title={t("administration.settings.removeNamed", { name })}
      intro={t("administration.settings.removeIntro", {
        place: [environment, module].filter(Boolean).join(" / "),
      })}
      button={t("administration.settings.remove")}
      tone="danger"
      change={unset}
      onClose={onClose}
      onSubmit={() =>
        unset.mutate({
          params: {
            path: { environment, name },
            query: module === undefined ? {} : { moduleId: module },
          },
        })
      }
    />
  );
}

function useUnset(kind: Kind, done: () => void) {
  const refresh = useRefresh(
    "/settings/{environment}/config",
    "/settings/{environment}/secrets",
    "/environments/{environment}",
  );
  const onSuccess = () => {
    refresh();
    done();
  };
  const config = query.useMutation("delete", "/settings/{environment}/config/{name}", { onSuccess });
  const secret = query.useMutation("delete", "/settings/{environment}/secrets/{name}", { onSuccess });
  return kind === "config" ? config : secret;
}
