/** Hands a file to the browser to be kept. */
export function saveBlob(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

export const saveText = (text: string, name: string, type: string): void => saveBlob(new Blob([text], { type }), name);
