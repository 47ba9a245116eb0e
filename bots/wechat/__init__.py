"""The official account's side of encrypted messages: opening callbacks, sealing passive replies. wechatpy lives here."""
