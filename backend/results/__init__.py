"""结果查询: public results without identities, why-cards, tip-offs, the ledger. Comes in: published runs."""
