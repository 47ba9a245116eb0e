// The browser's own controls for the H5: keyboard, focus and screen readers work as everywhere on the web.
import { h, type FunctionalComponent } from 'vue'

export const NativeButton: FunctionalComponent = (_, { slots, attrs }) =>
  h('button', { type: 'button', ...attrs }, slots.default?.())

export const NativeInput: FunctionalComponent = (_, { attrs }) => h('input', attrs)

export const NativeTextarea: FunctionalComponent = (_, { attrs }) => h('textarea', attrs)

export const NativePicture: FunctionalComponent = (_, { attrs }) => h('img', attrs)

export const NativeCanvas: FunctionalComponent = (_, { attrs }) => h('canvas', attrs)

export const NativeHeading: FunctionalComponent = (_, { slots, attrs }) => h('h1', attrs, slots.default?.())

for (const component of [NativeButton, NativeInput, NativeTextarea, NativePicture, NativeCanvas, NativeHeading]) component.inheritAttrs = false
