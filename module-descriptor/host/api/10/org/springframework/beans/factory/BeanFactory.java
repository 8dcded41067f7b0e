package org.springframework.beans.factory;

public interface BeanFactory {
    <T> T getBean(Class<T> type);

    Object getBean(String name);
}
