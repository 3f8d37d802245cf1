import { LitElement, nothing } from 'lit';
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js';

/**
 * An element that renders into the document itself: pages have one style sheet and one icon font, and rows by the
 * thousand need no shadow roots.
 */
export class PageElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

class CssProperties extends Directive {
  #set: Readonly<Record<string, string>> = {};

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('cssProperties belongs on an element');
  }

  render(_properties: Record<string, string>): typeof nothing {
    return nothing;
  }

  override update(part: ElementPart, [properties]: [Record<string, string>]): typeof nothing {
    const { style } = part.element as HTMLElement;
    for (const [name, value] of Object.entries(properties)) {
      if (this.#set[name] !== value) style.setProperty(name, value);
    }
    this.#set = properties;
    return nothing;
  }
}

/** Sets style properties by script: a `style` attribute is what the content security policy forbids. */
export const cssProperties = directive(CssProperties);
