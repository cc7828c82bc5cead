/* A photo is made small before it is kept: a phone's 4 MB would take minutes on a bad line, and fill a cheap phone.
   Drawn anew it also loses what its camera wrote into it, place and time among that. */

const LONGEST = 1600;
const QUALITY = 0.8;

/** The photo as JPEG, at most 1600 pixels long, upright. Throws where the browser cannot read it. */
export async function shrink(file) {
  const drawn = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(drawn.width * scale));
  canvas.height = Math.max(1, Math.round(drawn.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  /* A cheap phone has little memory: given back at once, not when it is collected. */
  canvas.width = canvas.height = 0;
  if (!blob) throw new Error("the canvas gave no picture");
  return blob;
}

/** The photo's own name, with the ending that it now has, and another where that one is taken. */
export function nameFor(file, taken) {
  const own = file.name.replace(/^.*[\\/]/, "").replace(/\.[^.]*$/, "").trim() || "foto";
  let name = `${own}.jpg`;
  for (let number = 2; taken.has(name); number += 1) name = `${own}-${number}.jpg`;
  return name;
}
