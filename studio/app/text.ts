/** Every word of Studio stands in text/<language>, a file for each feature; English is what there is. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { english } from "../text/en/index.ts";

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof english };
  }
}

void i18next.use(initReactI18next).init({
  lng: "en",
  fallbackLng: "en",
  resources: { en: { translation: english } },
  // React escapes what it shows.
  interpolation: { escapeValue: false },
});
