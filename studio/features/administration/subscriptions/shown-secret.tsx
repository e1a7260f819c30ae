import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { CopyButton } from "../../../ui/copy-button.tsx";
import { Dialog, DialogActions } from "../../../ui/dialog.tsx";
import { Notice } from "../../../ui/notice.tsx";
import { Facts } from "../../../ui/panel.tsx";
import parts from "../parts/parts.module.css";

interface ShownSecretProps {
  title: string;
  secret: string;
  facts?: readonly (readonly [string, string])[];
  onClose: () => void;
}

/** Once this is closed, nobody sees the secret again. */
export function ShownSecret({ title, secret, facts = [], onClose }: ShownSecretProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={title} open onClose={onClose}>
      <Notice tone="warn" title={t("administration.subscriptions.once")} live>
        <p>{t("administration.subscriptions.onceText")}</p>
      </Notice>
      <pre className={parts.code}>{secret}</pre>
      <div className={parts.inline}>
        <CopyButton text={secret} label={t("administration.subscriptions.copySecret")} />
      </div>
      {facts.length > 0 && <Facts of={facts} />}
      <DialogActions>
        <Button tone="primary" onPress={onClose}>
          {t("administration.tokens.kept")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
