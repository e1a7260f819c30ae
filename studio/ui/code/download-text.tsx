import { useTranslation } from "react-i18next";
import { Button } from "../button.tsx";
import { Icon } from "../icon.tsx";

/** Saves what is here already as a file. */
export function DownloadText({
  text,
  name,
  size = "small",
}: {
  text: string;
  name: string;
  size?: "normal" | "small";
}) {
  const { t } = useTranslation();
  return (
    <Button size={size} onPress={() => saveAs(new Blob([text], { type: "text/plain" }), name)}>
      <Icon name="download" /> {t("ui.download")}
    </Button>
  );
}

/** `name`: a path is made a plain file name. */
export function saveAs(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = name.slice(name.lastIndexOf("/") + 1);
  link.click();
  // The browser reads it after the click has returned.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
