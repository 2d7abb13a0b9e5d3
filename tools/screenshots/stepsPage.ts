/** A picture of a page, and what to do there. */
export interface Step {
  text: string;
  png: Buffer;
}

/** A page that shows the steps of a path one below the other, each with its picture. */
export function stepsPage(steps: readonly Step[]): string {
  const figures = steps.map(
    ({ text, png }, index) => `<figure>
      <figcaption><b>${index + 1}</b> ${text}</figcaption>
      <img src="data:image/png;base64,${png.toString('base64')}">
    </figure>`,
  );
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 20px; background: #fff; font: 17px "DejaVu Sans", sans-serif; color: #16325c; }
    figure { margin: 0 0 24px; }
    figcaption { margin-bottom: 10px; }
    figcaption b { display: inline-block; width: 28px; border-radius: 14px; text-align: center;
      line-height: 28px; margin-right: 8px; background: #0176d3; color: #fff; }
    img { width: 900px; border: 1px solid #c9c9c9; border-radius: 6px; }
  </style>${figures.join('\n')}`;
}
