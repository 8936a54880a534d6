/**
 * The columns of the vendor's own tables, and what they hold here. Sources: the vendor's page on CSV and TSV files
 * (`input.id`, …), and the table that its Python client reads (`inputid,input,concepts,metadata,geopoints`).
 */
const vendorColumns = new Map<string, string>([
  ['input.id', 'id'],
  ['input.data.image.url', 'url'],
  ['input.data.text.raw', 'text'],
  ['input.data.metadata', 'metadata'],
  ['input.data.geo.geo_point.latitude', 'latitude'],
  ['input.data.geo.geo_point.longitude', 'longitude'],
  ['inputid', 'id'],
  ['input', 'input'],
  ['geopoints', 'geo'],
]);

/** The target of a column of the vendor's; undefined for other columns. */
export function vendorTarget(title: string): string | undefined {
  const concept = /^input\.data\.(concepts\[\d{1,3}\]\.(?:id|value))$/.exec(title);
  return concept?.[1] ?? vendorColumns.get(title);
}

/** True for the table of the vendor's Python client, which separates concepts by commas. */
export function isVendorTable(titles: readonly string[]): boolean {
  return titles.some((title) => title.toLowerCase() === 'inputid');
}
