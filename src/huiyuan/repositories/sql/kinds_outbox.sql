-- What a customer takes home a slip of may have it sent.
update ledger.kind k set guards = k.guards || '{message_refused}'
 where k.kind in ('sale', 'exchange') and not 'message_refused' = any (k.guards);
