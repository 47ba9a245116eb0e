// What was typed and never arrived is sent before anything is submitted; what arrived is not sent again.
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectionLost } from '@/api/problem'
import { useApplication } from '@/screen/use_application'

const HELD = { id: 'a', state: 'draft', child_id: 'c', banner: '150603', stage: 'primary', form: { address: '老地址 1 号' }, missing: [] }
const sent: Record<string, unknown>[] = []
let isOnline = true

vi.mock('@/screen/use_load', () => ({ ledToLogin: () => false }))
vi.mock('@/api/guardian', () => ({ children: async () => [] }))
vi.mock('@/api/public', () => ({ schools: async () => [] }))
vi.mock('@/api/application', () => ({
  application: async () => HELD,
  saveForm: async (_: string, form: Record<string, unknown>) => {
    if (!isOnline) throw new ConnectionLost()
    sent.push(form)
    return { ...HELD, form }
  },
}))

const shelf = new Map<string, unknown>()
vi.stubGlobal('uni', {
  getStorageSync: (name: string) => shelf.get(name) ?? '',
  setStorageSync: (name: string, value: unknown) => shelf.set(name, value),
  removeStorageSync: (name: string) => shelf.delete(name),
})

beforeEach(() => {
  shelf.clear()
  sent.length = 0
  isOnline = true
})

describe('before an application is submitted', () => {
  it('nothing is sent where nothing waits', async () => {
    const form = useApplication(() => 'a')
    await form.read()
    expect(await form.settle()).toBe(true)
    expect(sent).toEqual([])
  })

  it('what was typed without a network is sent, also from another page', async () => {
    const typing = useApplication(() => 'a')
    await typing.read()
    isOnline = false
    typing.answers.value = { ...typing.answers.value, address: '新地址 2 号' }
    expect(await typing.save()).toBe(false)
    const reviewing = useApplication(() => 'a')
    await reviewing.read()
    expect(reviewing.answers.value.address).toBe('新地址 2 号')
    expect(await reviewing.settle()).toBe(false)
    expect(sent).toEqual([])
    isOnline = true
    expect(await reviewing.settle()).toBe(true)
    expect(sent.map((one) => one.address)).toEqual(['新地址 2 号'])
    expect(await reviewing.settle()).toBe(true)
    expect(sent.length).toBe(1)
  })
})
