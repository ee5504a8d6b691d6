"""SageMaker's API actions: one module for each kind of entity, one function for each action.

`service.load_operations` imports all modules, which register their functions (`protocol.registry`);
nothing else imports them. There are more than fifteen, since SageMaker has as many kinds of entity.
"""
