import { useTranslation } from "react-i18next";
import { query } from "../../../app/api/api.ts";
import { ActDialog } from "./act-dialog.tsx";

interface CorrectDriftProps {
  environment: string;
  moduleId: string;
  onClose: () => void;
}

export function CorrectDrift({ environment, moduleId, onClose }: CorrectDriftProps) {
  const { t } = useTranslation();
  const correct = query.useMutation("post", "/drift/corrections");
  const [asked] = correct.data?.asked ?? [];
  return (
    <ActDialog
      title={t("deployments.acts.correct.title", { moduleId, environment })}
      intro={<p>{t("deployments.acts.correct.intro")}</p>}
      button={t("deployments.acts.correct.name")}
      mutation={correct}
      onClose={onClose}
      onSubmit={() => correct.mutate({ body: { environment, moduleId } })}
      next={
        correct.data && {
          sentence:
            asked === undefined
              ? t("deployments.acts.correct.nothing")
              : t("deployments.acts.correct.next", { releaseId: asked.releaseId }),
        }
      }
    />
  );
}
