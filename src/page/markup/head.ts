import { type Html, html } from './html.ts';

/** What every page begins with, up to the end of its head. `assets` leads to the folder of the style sheets. */
export function headMarkup(title: string, assets: string, style: string): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · lvs-exporter</title>
<link rel="icon" href="${assets}/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assets}/${style}.css">`;
}
