import { useState } from "react";
import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { Checkbox } from "../../../ui/checkbox.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { ChangeDialog } from "../parts/change-dialog.tsx";
import { useRefresh } from "../parts/use-refresh.ts";
import { ChangeList } from "./change-list.tsx";

export function ProvisionEnvironment({ environment, onClose }: { environment: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [deletions, setDeletions] = useState(false);
  const refresh = useRefresh(
    "/environments",
    "/environments/{environment}",
    "/environments/{environment}/plan",
  );
  const provision = query.useMutation("post", "/environments/{environment}/provision", {
    onSuccess: refresh,
  });
  return (
    <ChangeDialog
      title={t("administration.tenant.provisionNamed", { environment })}
      intro={t("administration.tenant.provisionIntro")}
      button={t("administration.tenant.provision")}
      change={provision}
      onSubmit={() => provision.mutate({ params: { path: { environment } }, body: { deletions } })}
      onClose={onClose}
      done={
        provision.data && (
          <Notice tone="good" title={t("administration.tenant.provisioned", { environment })} live>
            <ChangeList
              changes={[
                ...provision.data.changes,
                ...provision.data.mended.flatMap(({ changes }) => changes),
              ]}
            />
          </Notice>
        )
      }
    >
      <Checkbox checked={deletions} onChange={setDeletions}>
        {t("administration.tenant.deletions")}
      </Checkbox>
    </ChangeDialog>
  );
}
