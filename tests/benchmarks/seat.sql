-- One bench seat: drawer, terminal, an active card, and its wallet.
with d as (insert into shop.drawer(store, name) select id, %(role)s from shop.unit where code = 'S01' returning id, store),
     t as (insert into sec.terminal(role, store, code, drawer) select %(role)s, store, %(code)s, id from d),
     w as (insert into shop.wallet(member) select min(id) from shop.member returning id),
     c as (insert into shop.card(number, type, state, wallet)
           select %(role)s, k.id, 'active', w.id from w, (select id from shop.card_type order by id limit 1) k returning id),
     k as (insert into shop.card_token(kind, hmac, card) select 'number', decode(%(token)s, 'hex'), id from c),
     a as (insert into ledger.account(kind, unit, wallet)
           select k.kind, case k.unit when 'money' then 'CNY' else 'POINT' end, w.id from w, ledger.account_kind k
            where k.owner = 'wallet')
select w.id, (select store from d),
       (select v.rule from shop.rule_version v join shop.rule r on r.id = v.rule
         where r.family = 'points' and v.valid_to is null order by v.rule limit 1) from w
