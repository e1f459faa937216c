-- What a superuser with every trigger off may try; tests/repositories/test_verify.py runs each below its name.

-- a balance set
update ledger.account set balance = balance + 100 where id = :points;
-- a balance with its lot
with l as (update ledger.lot set remaining = remaining + 1, amount = amount + 1 where id = :lot)
update ledger.account set balance = balance + 1 where id = :points;
-- a lot from nowhere
insert into ledger.lot(account, kind, document, store, amount, remaining)
select account, kind, document, store, 100, 0 from ledger.lot where id = :lot;
-- an old lot made young
update ledger.lot set expires_at = expires_at + interval '1 year' where id = :lot;
-- a lot moved to another account
update ledger.lot set account = account - 1 where id = :lot;
-- a posting from nowhere
insert into ledger.posting select (jsonb_populate_record(p, jsonb_build_object('n', p.n + 100))).*
  from ledger.posting p where p.debit = 'cash' and p.document = ':document' limit 1;
-- an account given away
update ledger.account set wallet = null, drawer = (select max(id) + 1 from shop.drawer) where id = :points;
-- credit
update ledger.account set limit_minor = 1000000 where id = :points;
-- a card on another wallet
update shop.card set wallet = wallet - 1 where wallet = :wallet;
-- a card that died
update shop.card set state = 'frozen' where wallet = :wallet;
-- a receipt number
update sec.terminal set number = number + 1 where id = :terminal;
-- a terminal's head
update sec.terminal set head = sha256(head) where id = :terminal;
-- somebody else rang it up
update ledger.document set rung_by = rung_by + 1 where id = ':document';
-- a total
update ledger.document set total_minor = total_minor - 1, result = jsonb_set(result, '{total_minor}', to_jsonb(total_minor - 1))
 where id = ':document';
-- goods
update ledger.on_hand set qty_milli = qty_milli + 1000 where product = 1;
-- a returned line made free again
update ledger.returned set qty_milli = 0, amount_minor = 0;
-- a reversal forgotten
delete from ledger.reversed;
-- a shift opened again
update ledger.shift set closed_at = null, closed_by_document = null where id = ':shift';

-- a whole chain anew
do $$
declare r record; v_prev bytea; v_result jsonb; v_head bytea := '\x';
begin
  update ledger.document set body = jsonb_set(body, '{occurred_at}', '"2020-01-01T00:00:00Z"') where id = ':document';
  update ledger.document set occurred_at = '2020-01-01T00:00:00Z', fingerprint = sha256(convert_to(body::text, 'UTF8'))
   where id = ':document';
  for r in select e.*, d.fingerprint from ledger.entry e join ledger.document d on d.id = e.document
            where e.account in (select x.account from ledger.entry x where x.document = ':document') order by e.account, e.seq loop
    v_prev := coalesce((select hash from ledger.entry where account = r.account and seq = r.seq - 1), '\x');
    v_prev := ledger.entry_hash(v_prev, r.account, r.seq, r.delta, r.balance, r.posted_at, r.document, r.fingerprint);
    update ledger.entry set hash = v_prev where account = r.account and seq = r.seq;
    update ledger.account set head = v_prev where id = r.account;
  end loop;
  for r in select d as document from ledger.document d where d.terminal = :terminal order by d.chain_seq loop
    v_result := ((r.document).result - 'head') || jsonb_build_object('digest', ledger.content_digest(r.document));
    v_head := ledger.terminal_hash(v_head, (r.document).chain_seq, (r.document).fingerprint, v_result);
    update ledger.document set result = v_result || jsonb_build_object('head', encode(v_head, 'hex')), head = v_head
     where id = (r.document).id;
  end loop;
  update sec.terminal set head = v_head where id = :terminal;
end $$;
